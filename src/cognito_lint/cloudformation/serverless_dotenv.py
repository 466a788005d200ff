"""The `.env` files beside a Serverless Framework service, which give `${env:…}` a value.

https://www.serverless.com/framework/docs/environment-variables
Between the stages "read" and "resolve".
"""

from __future__ import annotations

import re

from cognito_lint.cloudformation.nodes import MapNode, ScalarNode, text_of
from cognito_lint.files import Repository, UnreadableError

_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=|:[ \t])[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`|[^\r\n#]*)""",
    re.MULTILINE,
)
_QUOTES = ("'", '"', "`")


class UndecidedError(Exception):
    """Releases of the Framework differ, or the text needs more than reading; the message says which."""


class Dotenv:
    """The environment variables that the files of one service set. To `files` are added their paths, there or not."""

    def __init__(self, root: MapNode, directory: str, repository: Repository, files: set[str]) -> None:
        self._root = root
        self._directory = directory
        self._repository = repository
        self._files = files

    def value(self, name: str, stage: str | None) -> str | None:
        """What a variable is in the stage, None if no file sets it. Raises UndecidedError."""
        general = self._read(".env")
        special = self._read(f".env.{stage}") if stage is not None else None
        answers = set()
        if self._release() != "4":
            # one file alone, and only if that is asked for
            chosen = special if special is not None else general
            answers.add((chosen or {}).get(name) if self._asked_for() else None)
        if self._release() not in ("2", "3"):
            set_by = {found[name] for found in (general, special) if found is not None and name in found}
            answers |= set_by or {None}
        if len(answers) > 1:
            raise UndecidedError("which .env files count depends on the Serverless Framework's release")
        (answer,) = answers
        if answer is not None and ("$" in answer or "\\" in answer):
            raise UndecidedError("it is put together of other environment variables in a .env file")
        return answer

    def _asked_for(self) -> bool:
        node = self._root.get("useDotenv")
        return isinstance(node, ScalarNode) and node.content in (True, "true")

    def _release(self) -> str:
        """The first digit of `frameworkVersion`, where one release alone is wanted."""
        wanted = text_of(self._root.get("frameworkVersion")) or ""
        found = re.fullmatch(r"[\^~=v]*(\d)(?:[.x\d*].*)?", wanted.strip())
        return found[1] if found and "|" not in wanted else ""

    def _read(self, name: str) -> dict[str, str] | None:
        path = self._repository.join(self._directory, name)
        self._files.add(path)
        if "/" in name or not self._repository.is_file(path):
            return None
        try:
            text = self._repository.text(path)
        except UnreadableError as error:
            raise UndecidedError(f"{path} cannot be read: {error.message}") from None
        return {match[1]: _unquoted(match[2].strip()) for match in _LINE.finditer(text)}


def _unquoted(written: str) -> str:
    quoted = len(written) > 1 and written[0] in _QUOTES and written[-1] == written[0]
    return written[1:-1] if quoted else written
