"""`FORMAT[=FILE]`: which formats there are, and where a report in one of them goes. The command line imports it."""

from __future__ import annotations

from typing import NamedTuple

from cognito_lint import near

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")


class DestinationError(ValueError):
    """What is written is no FORMAT[=FILE]; the message says what to write."""


class Destination(NamedTuple):
    """A format and the file that it goes to; None for stdout."""

    format: str
    file: str | None = None

    @classmethod
    def parse(cls, text: str) -> Destination:
        """What `FORMAT` or `FORMAT=FILE` says. Raises DestinationError."""
        name, sign, file = text.partition("=")
        if name not in FORMATS:
            hint = near.hint(name, FORMATS, f"; choose from {', '.join(FORMATS)}")
            raise DestinationError(f"there is no format {name!r}{hint}")
        if sign and not file:
            raise DestinationError(f"write {name}=FILE, or {name} alone for stdout")
        return cls(name, file or None)

    def __str__(self) -> str:
        return self.format if self.file is None else f"{self.format}={self.file}"
