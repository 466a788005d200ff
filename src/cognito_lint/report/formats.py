"""The formats by name: each renders one Report, and only the one that is asked for is imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cognito_lint.report.report import Report, SourceText
from cognito_lint.report.style import Style


@dataclass(frozen=True, slots=True)
class Options:
    """What a format may need besides the report. `project` is where the working directory lies in the checkout that
    GitHub, GitLab or a reader of SARIF shows ("" for its top)."""

    color: bool = False
    project: str = ""
    exit_code: int = 0


Renderer: TypeAlias = Callable[[Report, SourceText, Options], str]


def render(name: str, report: Report, source: SourceText, options: Options) -> str:
    """The report in the format of this name, one of `destinations.FORMATS`."""
    return RENDERERS[name](report, source, options)


def _text(report: Report, source: SourceText, options: Options) -> str:
    from cognito_lint.report import text_report

    return text_report.render(report, source, Style(options.color))


def _concise(report: Report, _source: SourceText, _options: Options) -> str:
    from cognito_lint.report import concise_report

    return concise_report.render(report)


def _json(report: Report, _source: SourceText, _options: Options) -> str:
    from cognito_lint.report import json_report

    return json_report.render(report)


def _sarif(report: Report, _source: SourceText, options: Options) -> str:
    from cognito_lint.report import sarif_report

    return sarif_report.render(report, options.project, options.exit_code)


def _junit(report: Report, _source: SourceText, _options: Options) -> str:
    from cognito_lint.report import junit_report

    return junit_report.render(report)


def _github(report: Report, _source: SourceText, options: Options) -> str:
    from cognito_lint.report import github_report

    return github_report.render(report, options.project)


def _gitlab(report: Report, _source: SourceText, options: Options) -> str:
    from cognito_lint.report import gitlab_report

    return gitlab_report.render(report, options.project)


def _markdown(report: Report, source: SourceText, _options: Options) -> str:
    from cognito_lint.report import markdown_report

    return markdown_report.render(report, source)


def _html(report: Report, source: SourceText, _options: Options) -> str:
    from cognito_lint.report import html_report

    return html_report.render(report, source)


RENDERERS: Mapping[str, Renderer] = {
    "text": _text,
    "concise": _concise,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
    "html": _html,
}
