"""A template with all that it calls, evaluated into one unit: the end of the stage "resolve" in this wing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cognito_lint.cloudformation import assertions, metadata, pools, stack_sets
from cognito_lint.cloudformation.attachments import FUNCTION, Attachments, Opened
from cognito_lint.cloudformation.data import Datum
from cognito_lint.cloudformation.library import Library
from cognito_lint.cloudformation.nodes import MapNode, Node, is_null, mapping
from cognito_lint.cloudformation.resources import Resource, resources
from cognito_lint.cloudformation.scope import Deployment, Scope
from cognito_lint.cloudformation.source import contains
from cognito_lint.cloudformation.stack import Argument, Stack, function_of
from cognito_lint.cloudformation.template import APPLICATION, MODULE, NESTED_STACK, POOL, RISK, STACK_SET, Template
from cognito_lint.files import UnreadableError
from cognito_lint.inputs import Inputs
from cognito_lint.model import YES, Ignore, MissingModule, Problem, Span, Unit, UserPool, Value
from cognito_lint.worlds import Choice, TooManyWorldsError, either, leaves, lift, negate

MAX_NESTED = 10
MAX_STACKS = 1_000


@dataclass(slots=True)
class _Assembly:
    """What is gathered while a template and its nested stacks are evaluated."""

    unit: str
    library: Library
    deployment: Deployment
    pools: list[UserPool] = field(default_factory=list)
    missing: list[MissingModule] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    templates: dict[Template, None] = field(default_factory=dict)
    extents: list[Span] = field(default_factory=list)
    ignores: dict[Ignore, None] = field(default_factory=dict)
    stacks: int = 0
    bodies: stack_sets.Bodies = field(default_factory=dict)
    opened: list[tuple[Stack, Choice[Value]]] = field(default_factory=list)


def evaluate(template: Template, library: Library, inputs: Inputs) -> Unit:
    """The unit of a template that nobody calls."""
    assembly = _Assembly(template.path, library, Deployment(inputs))
    stack = Stack(template, assembly.deployment)
    _open(assembly, stack, YES, 0)
    stacks = [opened for stack, reached in assembly.opened for opened in _declared(assembly, stack, reached)]
    attachments = Attachments(stacks)
    for opened in stacks:
        _add_pools(assembly, opened, attachments)
    return Unit(
        path=template.path,
        kind="cloudformation",
        pools=tuple(assembly.pools),
        problems=tuple(dict.fromkeys(assembly.deployment.problems)),
        missing_modules=tuple(assembly.missing),
        files=frozenset(assembly.files),
        notes=tuple(_notes(assembly)),
        ignores=tuple(assembly.ignores),
    )


def _notes(assembly: _Assembly) -> Iterator[Problem]:
    """The keys written twice that concern a pool: above it, inside it, or where its mode comes from."""
    if not any(template.repetitions for template in assembly.templates):
        return
    read = [step.span for pool in assembly.pools for value in leaves(pool.mode) for step in value.trace]
    for template in assembly.templates:
        for repetition in template.repetitions:
            inside = any(contains(extent, repetition.note.span) for extent in assembly.extents)
            if repetition.holds_pool or inside or any(contains(repetition.value, span) for span in read):
                yield repetition.note


def _open(assembly: _Assembly, stack: Stack, reached: Choice[Value], depth: int) -> None:
    """Take in a stack and all that it calls: only then is it known what each puts out for the others."""
    assembly.stacks += 1
    assembly.files |= stack.template.files
    if stack.template.speaks_to_us and stack.template not in assembly.templates:
        assembly.ignores.update(dict.fromkeys(metadata.everywhere(stack.template)))
    assembly.templates[stack.template] = None
    deployment = assembly.deployment
    deployment.problems += stack.template.problems
    assembly.missing += stack.template.missing
    assembly.missing += (
        MissingModule(stack.address + "Resources", text, span, _speaks_of_pools(text))
        for text, span in stack.template.included()
    )
    before = len(deployment.problems)
    try:
        for rule in assertions.requirements(stack):
            deployment.requirements.append(either(negate(stack.base.path), rule))
        del deployment.problems[before:]
        if not stack.template.calls_nothing:
            for resource in resources(stack, (NESTED_STACK, APPLICATION, STACK_SET, MODULE)):
                _open_child(assembly, stack, resource, reached, depth)
        assembly.opened.append((stack, reached))
    except TooManyWorldsError as error:
        _undecided(assembly, stack, error)


def _declared(assembly: _Assembly, stack: Stack, reached: Choice[Value]) -> Iterator[Opened]:
    try:
        yield Opened(stack, reached, tuple(resources(stack, (POOL, RISK, FUNCTION))))
    except TooManyWorldsError as error:
        _undecided(assembly, stack, error)


def _add_pools(assembly: _Assembly, opened: Opened, attachments: Attachments) -> None:
    stack = opened.stack
    try:
        found = list(pools.user_pools(opened, assembly.unit, attachments))
        assembly.pools += (pool for _, pool in found)
        if stack.template.repetitions:
            assembly.extents += (resource.body.span for resource, _ in found)
        assembly.files |= stack.template.files  # variables of the Serverless Framework read more as they are resolved
    except TooManyWorldsError as error:
        _undecided(assembly, stack, error)


def _undecided(assembly: _Assembly, stack: Stack, error: TooManyWorldsError) -> None:
    section = stack.template.root.entries["Resources"]
    assembly.deployment.problems.append(Problem(section.span, f"the template cannot be evaluated: {error}"))
    assembly.pools += pools.undecided(stack, assembly.unit, str(error))


def _open_child(assembly: _Assembly, stack: Stack, resource: Resource, reached: Choice[Value], depth: int) -> None:
    address = stack.address + resource.logical_id
    if resource.type.endswith(MODULE):  # kept in a registry of the account
        concerned = _speaks_of_pools(f"{address} {resource.type}")
        assembly.missing.append(MissingModule(address, resource.type, resource.span, concerned))
        return
    if depth >= MAX_NESTED or assembly.stacks >= MAX_STACKS:
        bound = f"{MAX_NESTED} levels" if depth >= MAX_NESTED else f"{MAX_STACKS:,} stacks"
        message = f"nested stacks are followed to the bound of {bound}"
        assembly.deployment.problems.append(Problem(resource.span, message))
        return
    body = _body(resource)
    if body is not None:
        _open_body(assembly, stack, resource, body, reached, depth)
    else:
        _open_file(assembly, stack, resource, reached, depth)


def _open_as(
    assembly: _Assembly, stack: Stack, resource: Resource, template: Template, reached: Choice[Value], depth: int
) -> None:
    """Take in what a resource deploys."""
    address = stack.address + resource.logical_id + "/"
    child = Stack(
        template,
        assembly.deployment,
        address,
        dict(_arguments(stack, resource, template)),
        Scope(path=resource.scope.path, depth=0),
        (*stack.callers, resource.span),
        (*stack.ignores, *metadata.of_resource(resource.span, resource.body)),
        stack.macro,
        address if resource.type == STACK_SET else stack.place,
        stack.fault or resource.fault,
    )
    stack.children[resource.logical_id] = child
    _open(assembly, child, lift(_both, reached, resource.deployed), depth + 1)


def _body(resource: Resource) -> Node | None:
    """The template of a stack set, where the resource itself holds it."""
    properties = mapping(resource.properties) if resource.type == STACK_SET else None
    body = properties.get("TemplateBody") if properties else None
    return None if is_null(body) else body


def _open_body(
    assembly: _Assembly, stack: Stack, resource: Resource, body: Node, reached: Choice[Value], depth: int
) -> None:
    try:
        template = stack_sets.written_out(stack, body, resource.scope, assembly.bodies)
    except UnreadableError as error:
        assembly.deployment.problems.append(Problem(error.span, f"in TemplateBody, {error.message}"))
        return
    if template is None:
        address = stack.address + resource.logical_id
        concerned = stack_sets.speaks_of_pools(body)
        assembly.missing.append(MissingModule(address, "TemplateBody", resource.span, concerned))
        return
    _open_as(assembly, stack, resource, template, reached, depth)


def _open_file(assembly: _Assembly, stack: Stack, resource: Resource, reached: Choice[Value], depth: int) -> None:
    library = assembly.library
    target = library.target(stack.template, resource.type, resource.body)
    templates: tuple[Template, ...] = ()
    if target.path is not None:
        assembly.files.add(target.path)
        templates = library.templates(target.path)
        problem = library.problem(target.path)
        if problem is not None:
            assembly.deployment.problems.append(problem)
            return
    if templates:
        _open_as(assembly, stack, resource, templates[0], reached, depth)
    else:
        address = stack.address + resource.logical_id
        concerned = _speaks_of_pools(f"{address} {target.text}")
        assembly.missing.append(MissingModule(address, target.text, resource.span, concerned))


def _speaks_of_pools(text: str) -> bool:
    return any(word in text.lower() for word in ("cognito", "userpool", "user-pool", "user_pool"))


def _both(reached: Value, deployed: Value) -> Value:
    return reached if reached.content is False or deployed.content is True else deployed


def _arguments(stack: Stack, resource: Resource, template: Template) -> Iterator[tuple[str, Argument]]:
    """What the template's parameters are given. A macro beside them, or beside the properties, may give any of them."""
    properties = mapping(resource.properties)
    if _holds_macro(resource.body) or _holds_macro(properties):
        macro = resource.body if _holds_macro(resource.body) else properties or resource.body
        yield from ((name, _argument(stack, macro, ("Parameters", name), resource)) for name in template.parameters)
        return
    if resource.type == STACK_SET:
        for name, value in stack_sets.arguments(properties, template).items():
            yield name, _argument(stack, value, (), resource)
        return
    node = properties.get("Parameters") if properties else None
    if node is None or is_null(node):
        return
    plain = (
        isinstance(node, MapNode) and function_of(node) is None and not any(key.startswith("Fn::") for key, _ in node)
    )
    for name in template.parameters:
        if not plain or (isinstance(node, MapNode) and node.get(name) is not None):
            yield name, _argument(stack, node, (name,), resource)


def _holds_macro(node: MapNode | None) -> bool:
    return node is not None and node.get("Fn::Transform") is not None


def _argument(stack: Stack, node: Node, keys: tuple[str, ...], resource: Resource) -> Argument:
    bindings = resource.scope.bindings

    def give(scope: Scope) -> Choice[Datum]:
        return stack.at(node, keys, replace(scope, bindings=bindings))

    return give
