"""What is said on stderr besides the report: the summary, what was left out and, with `--verbose`, why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from cognito_lint.cli.shell import Shell
from cognito_lint.discover import Inventory
from cognito_lint.files import Repository
from cognito_lint.model import Unit
from cognito_lint.passed_over import endings, missing_modules, reasons
from cognito_lint.report.plain import plural, visible
from cognito_lint.report.report import Report
from cognito_lint.report.summary import summary


def units_read(units: Iterable[Unit], repository: Repository, shell: Shell) -> None:
    """What each unit read."""
    for unit in units:
        read = sorted(file for file in unit.files if repository.is_file(file))
        shell.log(visible(f"{unit.shown} ({unit.kind}): {', '.join(read)}") + "\n")


def passed_over(inventory: Inventory, repository: Repository, units: Collection[Unit], shell: Shell) -> None:
    """Why the other files are part of no unit, and what units call that is not there."""
    lines = [f"{path}: {reason}" for path, reason in reasons(inventory, repository, units).items()]
    lines += [f"{unit}: {what}" for unit, what in missing_modules(units)]
    _list([*lines, *_other_endings(inventory)], shell)


def not_entered(inventory: Inventory, shell: Shell) -> None:
    """Why a list of the files lacks others."""
    _list([*(f"{path}: {reason}" for path, reason in sorted(inventory.passed_over)), *_other_endings(inventory)], shell)


def _other_endings(inventory: Inventory) -> Iterator[str]:
    if counts := endings(inventory):
        kinds = ", ".join(f"{count:,} {suffix or 'without one'}" for suffix, count in counts.items())
        yield f"not read for their endings: {plural(sum(counts.values()), 'file')} ({kinds})"


def _list(lines: Iterable[str], shell: Shell) -> None:
    shell.log("".join(f"{visible(line)}\n" for line in lines))


def suppressed(report: Report, shell: Shell) -> None:
    """What is suppressed, why, and where that is said."""
    for finding in report.findings:
        if finding.suppressed:
            about = f" {finding.address}" if finding.address is not None else ""
            span = finding.suppressed.span
            place = f" ({span.file}:{span.line})" if span else ""
            at = f"{finding.span.file}:{finding.span.line}"
            shell.log(visible(f"suppressed: {finding.rule}{about} at {at}: {finding.suppressed.reason}{place}") + "\n")


def left_out(files: Mapping[str, str], shell: Shell) -> None:
    """The inputs that nobody could read, with the reasons."""
    for file, reason in files.items():
        shell.log(f"cognito-lint: left out: {visible(file)}: {reason}\n")


def seen(report: Report, looked_at: int, seconds: float, shell: Shell) -> None:
    """The last lines: what was seen, what was not, and how long it took. No report holds the time."""
    first, *others = summary(report).split("\n")
    ending = f"({plural(looked_at, 'file')} looked at in {duration(seconds)})"
    shell.log("\n".join((f"{first} {ending}", *others)) + "\n")


def duration(seconds: float) -> str:
    """Seconds for a person: "0.4 s", "12 s", "2 min 5 s"."""
    if seconds < 9.95:  # what would be rounded to 10.0
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:,} min {rest} s" if minutes else f"{rest} s"
