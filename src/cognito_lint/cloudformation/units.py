"""The door of this wing: from the inventory's files to evaluated units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cognito_lint.cloudformation.source import POOL_TYPE
from cognito_lint.discover import TEMPLATE_SUFFIXES, TERRAFORM_SUFFIXES, Inventory, ending
from cognito_lint.files import Repository
from cognito_lint.inputs import Inputs
from cognito_lint.model import Unit
from cognito_lint.work import ALONE, Work

_CALLS = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application", "AWS::Include", "${file(")
_LEADS = (*_CALLS, "Fn::ForEach", "cognitoUserPool", "::MODULE")
_ESCAPES = (b"\\u00", b"\\x", b"\\U00")
_ESCAPED = re.compile(r"\\(?:u00([0-9A-Fa-f]{2})|x([0-9A-Fa-f]{2})|U000000([0-9A-Fa-f]{2})|\n[ \t]*)")
_NEEDLES = (b"Cognito::UserPool", *(lead.encode() for lead in _LEADS), *_ESCAPES)


def units(inventory: Inventory, repository: Repository, inputs: Inputs, work: Work = ALONE) -> tuple[Unit, ...]:
    """One unit for each template that has pools, or a problem that hinders a verdict.

    A template that another one calls is judged through its callers alone.
    """
    files = work.through("reading", inventory.files)
    candidates = tuple(candidates_of(files, repository, inventory.named))
    if not candidates and not inventory.named:
        return ()
    from cognito_lint.cloudformation import scan  # the YAML parser is imported only if there is something to read

    return scan.units(candidates, inventory, repository, inputs, work)


def candidates_of(
    files: Iterable[str], repository: Repository, named: frozenset[str] = frozenset(), *, callers: bool = False
) -> Iterator[str]:
    """The files that could hold a pool or lead to one: by their names and their bytes, before any parser.

    With `callers`, only those that could call another file.
    """
    needles = tuple(call.encode() for call in _CALLS) if callers else _NEEDLES
    for file in files:
        if not could_be_template(file) and (file not in named or file.endswith(TERRAFORM_SUFFIXES)):
            continue
        if repository.mentions(file, needles) and could_matter(file, repository):
            yield file


def could_be_template(file: str) -> bool:
    """Whether a file that nobody named is read as a template, as far as its name tells."""
    return ending(file) in TEMPLATE_SUFFIXES and not file.endswith(TERRAFORM_SUFFIXES)


def could_matter(file: str, repository: Repository) -> bool:
    """Whether the text speaks of a pool, or of what could lead to one, escapes in quoted texts undone."""
    text = repository.rough_text(file)
    return text is None or any(lead in text for lead in _LEADS) or _names_pool(text)


def may_call(file: str, repository: Repository) -> bool:
    """Whether a template of the file could call another file, as far as its text tells."""
    text = repository.rough_text(file)
    return text is not None and ("\\" in text or any(call in text for call in _CALLS))


def mentions_pool(file: str, repository: Repository) -> bool:
    """Whether the text names the type of a user pool. A file that is no text mentions one if its bytes do."""
    text = repository.rough_text(file)
    return repository.mentions(file, (b"AWS::Cognito::UserPool",)) if text is None else _names_pool(text)


def _names_pool(text: str) -> bool:
    if POOL_TYPE.search(text):
        return True
    return "\\" in text and POOL_TYPE.search(_ESCAPED.sub(_unescape, text)) is not None


def _unescape(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    return chr(int(digits, 16)) if digits else ""


def unused_parameters(inventory: Inventory, repository: Repository, inputs: Inputs) -> dict[str, dict[str, str]]:
    """The given parameters that no scanned template takes, each with the reason: under "" those of the command line,
    and under the path of an entry of the settings its own."""
    if not inputs.parameters and not inputs.templates:
        return {}
    from cognito_lint.cloudformation import scan

    candidates = tuple(candidates_of(inventory.files, repository, inventory.named))
    return scan.unused_parameters(candidates, inventory, repository, inputs)
