"""The ground floor: positions, values, user pools and findings as every other room knows them.

Frozen dataclasses, standard library only. Nothing here reads a file or knows a format.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from cognito_lint.spaces import EVERYWHERE, Space
from cognito_lint.worlds import Choice

Level: TypeAlias = Literal["error", "warning", "note"]
Kind: TypeAlias = Literal["cloudformation", "terraform", "terraform-plan", "terraform-state", "snapshot"]
Verdict: TypeAlias = Literal["enforced", "not-enforced", "conditional", "unproven", "not-deployed"]
Scalar: TypeAlias = str | bool | int | float

ENFORCED = "ENFORCED"
MODES = ("OFF", "AUDIT", ENFORCED)
CUSTOM_AUTH_TRIGGERS = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
"""The triggers of custom authentication, as AWS's API and CloudFormation spell them."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file. Lines and columns are 1-based, columns count characters, the end is exclusive.

    `file` is the path as reports show it: relative to the working directory, with `/`.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __reduce__(self) -> tuple[type[Span], tuple[str, int, int, int, int]]:
        # most of what one process tells another is spans, and what dataclasses bring for this is slow
        return Span, (self.file, self.line, self.column, self.end_line, self.end_column)

    def holds(self, other: Span) -> bool:
        """Whether the other stretch begins inside this one."""
        start, end = (self.line, self.column), (self.end_line, self.end_column)
        return self.file == other.file and start <= (other.line, other.column) <= end


@dataclass(frozen=True, slots=True)
class Step:
    """One station on the way of a value: where it was written, or what passed it on, in a few words."""

    span: Span
    text: str

    def __reduce__(self) -> tuple[type[Step], tuple[Span, str]]:
        return Step, (self.span, self.text)


Trace: TypeAlias = tuple[Step, ...]
"""The way of a value: where it was decided first, then each step that passed it on, the reader last."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The files do not decide this value. `reason` completes the sentence "…, because …" for a person.

    `excluded` are values that it cannot be all the same: a value compared with ENFORCED and found different
    is unknown and yet sure not to enforce.
    """

    reason: str
    excluded: frozenset[Scalar] = frozenset()


@dataclass(frozen=True, slots=True)
class Value:
    """What a property holds in one world: a scalar, None (the property is absent) or Unknown, and how it came.

    Two values are equal if their content is: the trace tells the way, not the meaning.
    """

    content: Scalar | Unknown | None
    trace: Trace = field(default=(), compare=False)


ABSENT = Value(None)
YES = Value(True)
NO = Value(False)


@dataclass(frozen=True, slots=True)
class RiskConfiguration:
    """An answer to risk (`AWS::Cognito::UserPoolRiskConfigurationAttachment`, `aws_cognito_risk_configuration`).

    `client` is absent or "ALL" for the pool's own configuration, else a client's. `compromised_credentials`, `high`,
    `medium` and `low` hold the event action (BLOCK, MFA_REQUIRED, MFA_IF_CONFIGURED, NO_ACTION) or are absent.
    `events` holds the event filter as its names in alphabetical order, joined by commas, or is absent (all events).
    """

    address: str
    span: Span
    deployed: Choice[Value]
    client: Choice[Value]
    compromised_credentials: Choice[Value]
    events: Choice[Value]
    high: Choice[Value]
    medium: Choice[Value]
    low: Choice[Value]

    @property
    def choices(self) -> tuple[Choice[Value], ...]:
        """All that it says of a deployment, each in every world."""
        answers = (self.compromised_credentials, self.events, self.high, self.medium, self.low)
        return (self.deployed, self.client, *answers)


@dataclass(frozen=True, slots=True)
class Ignore:
    """Someone's wish that findings of certain rules be suppressed, as a file says it; not yet whether it counts.

    `rules` are ids or names as written, `until` is the last day on which it counts, `span` is where it is written.
    What it covers: a comment the line `line` of its file; Metadata the pools that have it among their `ignores`; an
    entry of the settings the pools (and, without `address`, also what is found about files) that its globs match.
    `fault` says what is wrong with the way it is written.
    """

    rules: tuple[str, ...]
    address: str | None = None
    path: str | None = None
    reason: str = ""
    until: date | None = None
    span: Span = Span("")
    by: Literal["comment", "metadata", "settings"] = "settings"
    line: int | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class UserPool:
    """One user pool instance as its unit would deploy it, every property in every world that the files allow.

    `span` is the resource's header; `anchor` is where a missing block or mode is reported: the add-ons block if
    there is one, else the header. `deployed` and `custom_auth_triggers` hold True, False or Unknown. `label` is a
    second name that helps a person (CDK's construct path). `ignored_changes` is the entry of Terraform's
    `lifecycle.ignore_changes` that covers the add-ons. `callers` are the headers of the module calls or nested stacks
    around it, the outermost first; `ignores` is what its resource, its template and its callers want suppressed.
    """

    address: str
    kind: Kind
    unit: str
    span: Span
    anchor: Span
    mode: Choice[Value]
    deployed: Choice[Value] = YES
    tier: Choice[Value] = ABSENT
    custom_auth_mode: Choice[Value] = ABSENT
    custom_auth_triggers: Choice[Value] = NO
    risk_configurations: tuple[RiskConfiguration, ...] = ()
    ignored_changes: Span | None = None
    label: str | None = None
    space: Space = EVERYWHERE
    callers: tuple[Span, ...] = field(default=(), compare=False)
    ignores: tuple[Ignore, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be read or evaluated as its own engine would: what becomes COG900."""

    span: Span
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class MissingModule:
    """A module call whose source is not on disk. `concerns_pools`: its name or source speaks of Cognito or user
    pools, or a pool's value depends on it."""

    address: str
    source: str
    span: Span
    concerns_pools: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """What is deployed as one: a template, a Terraform root module, a plan, a snapshot; evaluated.

    `files` are the paths (as shown) of every file that was read as its input, or whose absence decided something
    (a tfvars file that is not there): whoever changes one of them may change the verdict. `notes` are oddities that
    hinder no verdict, such as a key that is written twice: what becomes COG902. `ignores` are the wishes to suppress
    in its resources' metadata, also of those that cover no pool. `deployment` is the name of one of several deployments
    of the same path.
    """

    path: str
    kind: Kind
    pools: tuple[UserPool, ...] = ()
    problems: tuple[Problem, ...] = ()
    missing_modules: tuple[MissingModule, ...] = ()
    files: frozenset[str] = frozenset()
    notes: tuple[Problem, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    deployment: str = ""

    @property
    def shown(self) -> str:
        """The unit as reports name it, and each of its pools: its path, and which of its deployments."""
        return f"{self.path} ({self.deployment})" if self.deployment else self.path

    def deployed_as(self, deployment: str) -> Unit:
        """The unit as one of several deployments of its path."""
        if deployment == self.deployment:
            return self
        named = replace(self, deployment=deployment)
        return replace(named, pools=tuple(replace(pool, unit=named.shown) for pool in self.pools))


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count: who said so, and the reason that they gave. `span` is where it is written, if it
    is written in a file."""

    by: Literal["comment", "metadata", "settings", "baseline"]
    reason: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a pool, a unit or a file. `when` names the worlds it holds in, empty for all.

    `trace` is the way of the value at fault; its first step is where `span` points, if there is one. A suppressed
    finding stays in the report and fails nothing. `label` is the pool's own.
    """

    rule: str
    name: str
    level: Level
    message: str
    help: str
    address: str | None
    unit: str
    span: Span
    when: tuple[str, ...] = ()
    trace: Trace = ()
    suppressed: Suppression | None = None
    label: str | None = None
