"""IP network functions."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TypeAlias

from cognito_lint.terraform.functions.base import (
    Context,
    Function,
    Parameter,
    invalid,
    parameters,
    text_of,
    whole_number,
)
from cognito_lint.terraform.types import BOOL, NUMBER, STRING, Collection
from cognito_lint.terraform.values import EvaluationError, Plain, Result, boolean, list_of, string

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def _address(text: str) -> str:
    """IPv4 octets may have leading zeros in Terraform; they are decimal."""
    if ":" in text or not all(part.isascii() and part.isdigit() and len(part) <= 20 for part in text.split(".")):
        return text
    return ".".join(str(int(part)) for part in text.split("."))


def _network(value: Plain) -> Network:
    text = text_of(value)
    address, slash, size = text.partition("/")
    if slash and size.isascii() and size.isdigit() and len(size) <= 3 and "%" not in address:
        try:
            return ipaddress.ip_network((_address(address), int(size)), strict=False)
        except ValueError:
            pass
    raise EvaluationError(f"invalid CIDR expression: invalid CIDR address: {text}")


def cidrhost(_: Context, prefix: Plain, host: Plain) -> Result:
    """`cidrhost(prefix, hostnum)`: a negative number counts from the end."""
    network, place = _network(prefix), whole_number(host, "hostnum")
    if place >= network.num_addresses or -place > network.num_addresses:
        size = network.max_prefixlen - network.prefixlen
        raise EvaluationError(f"prefix of {size} does not accommodate a host numbered {place}")
    return string(str(network[place]))


def cidrnetmask(_: Context, prefix: Plain) -> Result:
    """`cidrnetmask(prefix)`: of IPv4 alone."""
    network = _network(prefix)
    if network.version == 6:
        raise EvaluationError(f"IPv6 addresses cannot have a netmask: {text_of(prefix)}")
    return string(str(network.netmask))


def cidrsubnet(_: Context, prefix: Plain, added: Plain, place: Plain) -> Result:
    """`cidrsubnet(prefix, newbits, netnum)`."""
    network, bits, number = _network(prefix), whole_number(added, "newbits"), whole_number(place, "netnum")
    size = network.prefixlen + bits
    if bits < 0:
        raise EvaluationError("newbits must not be negative")
    if size > network.max_prefixlen:
        raise EvaluationError(f"insufficient address space to extend prefix of {network.prefixlen} by {bits}")
    count = 1 << bits
    if number >= count or -number > count:
        raise EvaluationError(f"prefix extension of {bits} does not accommodate a subnet numbered {number}")
    start = int(network.network_address) + ((number % count) << (network.max_prefixlen - size))
    return string(str(ipaddress.ip_network((type(network.network_address)(start), size))))


def cidrsubnets(_: Context, prefix: Plain, *added: Plain) -> Result:
    """`cidrsubnets(prefix, newbits…)`: one after the other, each as early as it fits."""
    network = _network(prefix)
    position = int(network.network_address)
    found: list[str] = []
    for value in added:
        bits = whole_number(value, "newbits")
        if bits < 1:
            raise invalid("newbits", "must extend prefix by at least one bit")
        if bits > 32:
            raise invalid("newbits", "may not extend prefix by more than 32 bits")
        size = network.prefixlen + bits
        if size > network.max_prefixlen:
            raise invalid("newbits", f"would extend prefix to {size} bits, which is too long")
        width = 1 << (network.max_prefixlen - size)
        start = -(-position // width) * width
        if start + width > int(network.network_address) + network.num_addresses:
            raise invalid("newbits", f"not enough remaining address space for a subnet with a prefix of {size} bits")
        found.append(str(ipaddress.ip_network((type(network.network_address)(start), size))))
        position = start + width
    return list_of(map(string, found), STRING)


def cidrcontains(_: Context, prefix: Plain, address: Plain) -> Result:
    """OpenTofu's `cidrcontains(containing_prefix, contained_ip_or_prefix)`."""
    outer, text = _network(prefix), text_of(address)
    if "/" in text:
        inner = _network(address)
    else:
        try:
            inner = ipaddress.ip_network(_address(text))
        except ValueError as error:
            raise EvaluationError(f"invalid IP address or prefix: {text}") from error
    if inner.version != outer.version:
        raise EvaluationError("address family mismatch")
    first, last = int(outer.network_address), int(outer.broadcast_address)
    return boolean(first <= int(inner.network_address) and int(inner.broadcast_address) <= last)


FUNCTIONS: Mapping[str, Function] = {
    "cidrcontains": Function(cidrcontains, parameters("containing_prefix", "contained_ip_or_prefix", of=STRING), BOOL),
    "cidrhost": Function(cidrhost, (Parameter("prefix", STRING), Parameter("hostnum", NUMBER)), STRING),
    "cidrnetmask": Function(cidrnetmask, parameters("prefix", of=STRING), STRING),
    "cidrsubnet": Function(
        cidrsubnet, (Parameter("prefix", STRING), Parameter("newbits", NUMBER), Parameter("netnum", NUMBER)), STRING
    ),
    "cidrsubnets": Function(
        cidrsubnets,
        (Parameter("prefix", STRING),),
        Collection("list", STRING),
        variadic=Parameter("newbits", NUMBER),
    ),
}
