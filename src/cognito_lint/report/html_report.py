"""`--format html`: one self-contained page with the inventory of user pools, to filter, search and unfold.

The page works without network: its style and script stand inside, and a content security policy allows those two by
their hashes and nothing else. Without JavaScript everything is there but the filter.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from cognito_lint import __version__
from cognito_lint.model import Finding, Span, Step, Trace, Unknown, Verdict
from cognito_lint.report.excerpt import Way, excerpt, shorten, way_of
from cognito_lint.report.plain import plural, visible
from cognito_lint.report.report import JudgedPool, Report, SourceText
from cognito_lint.report.summary import VERDICT_WORDS, summary
from cognito_lint.report.words import mode_of, mode_text
from cognito_lint.rules.verdict import Deployment
from cognito_lint.spaces import World

MOST_WORLDS = 50
_MEANINGS: dict[Verdict, str] = {
    "enforced": "The files make sure that threat protection is enforced.",
    "not-enforced": "Threat protection is not enforced: risky sign-ins are not blocked.",
    "conditional": "Threat protection is enforced by default, and another value that the files declare turns it off.",
    "unproven": "The files do not decide whether threat protection is enforced.",
    "not-deployed": "The files do not deploy this pool by default.",
}


def render(report: Report, source: SourceText) -> str:
    """The report as an HTML document."""
    style, script = _asset("html_page.css"), _asset("html_page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"cognito-lint: {plural(len(report.pools), 'user pool')}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#pools">Skip to the user pools</a>
<header>
<h1>Threat protection of Cognito user pools</h1>
{"".join(f"<p>{_text(line)}</p>" for line in summary(report).splitlines())}
</header>
<main>
{_filters(report)}{_pools(report, source)}{_others(report, source)}</main>
<footer><p>cognito-lint {_text(__version__)}</p></footer>
<script>{script}</script>
</body>
</html>
"""


def _asset(name: str) -> str:
    return files("cognito_lint.report").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(text: str) -> str:
    """Text of others as text: what could act is spelled out, what HTML means is escaped."""
    return escape(visible(text), quote=True)


def _filters(report: Report) -> str:
    """The controls, hidden until the script shows them."""
    if not report.pools:
        return ""
    verdicts = report.verdicts()
    buttons = [_button("all", "All", len(report.pools), pressed=True)]
    buttons += [_button(verdict, word, verdicts[verdict]) for verdict, word in VERDICT_WORDS.items()]
    return f"""<div id="filters" role="search" aria-label="Filter the user pools" hidden>
<label for="query">Search by address, file or message</label>
<input id="query" type="search" autocomplete="off" spellcheck="false" aria-controls="pool-list">
<div role="group" aria-label="Show by verdict" class="verdicts">
{"".join(buttons)}</div>
<p><button type="button" id="unfold">Unfold all</button>
<span id="count" role="status" aria-live="polite"></span></p>
</div>
"""


def _button(verdict: str, word: str, count: int, *, pressed: bool = False) -> str:
    state = "true" if pressed else "false"
    label = f"{word[0].upper()}{word[1:]}"
    return (
        f'<button type="button" aria-pressed="{state}" data-show="{verdict}">{label} '
        f'<span class="number">{count:,}</span></button>\n'
    )


def _pools(report: Report, source: SourceText) -> str:
    about: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        about[finding.unit, finding.address].append(finding)
    items = "".join(_pool(judged, about[judged.pool.unit, judged.pool.address], source) for judged in report.pools)
    content = (
        f'<ul id="pool-list" class="pools" role="list">\n{items}</ul>\n<p id="nothing" hidden>No user pool matches.</p>'
    )
    if not report.pools:
        content = "<p>There is none in these files.</p>"
    return f"""<section id="pools" tabindex="-1" aria-labelledby="pools-title">
<h2 id="pools-title">User pools</h2>
{content}
</section>
"""


def _pool(judged: JudgedPool, findings: Iterable[Finding], source: SourceText) -> str:
    pool = judged.pool
    label = f'<p class="label">{_text(pool.label)}</p>' if pool.label else ""
    told = "".join(_finding(finding, source, told=judged.trace) for finding in findings)
    return f"""<li class="pool" data-verdict="{judged.verdict}">
<details>
<summary><span class="badge {judged.verdict}">{VERDICT_WORDS[judged.verdict]}</span>
<span class="address">{_text(pool.address)}</span>
<span class="place">{_place(pool.span)}</span></summary>
<div class="body">{label}
<p>{_MEANINGS[judged.verdict]}</p>
<dl><dt>Mode</dt><dd>{_text(mode_of(judged))}</dd>
<dt>Feature plan</dt><dd>{_text(judged.tier or "not written (AWS's default is ESSENTIALS)")}</dd>
<dt>Unit</dt><dd>{_text(pool.unit)} ({pool.kind})</dd></dl>
{_worlds(judged)}{_way(judged.trace, source)}{told}</div>
</details>
</li>
"""


def _worlds(judged: JudgedPool) -> str:
    """What each combination of open values comes to; nothing where there is only one."""
    if len(judged.worlds) < 2:
        return ""
    rows = "".join(_world(world) for world in judged.worlds[:MOST_WORLDS])
    rest = len(judged.worlds) - MOST_WORLDS
    more = f"<p>{plural(rest, 'combination')} more: --format json lists all.</p>" if rest > 0 else ""
    return f"""<h3>What the files allow</h3>
<div class="wide" tabindex="0" role="region" aria-label="What the files allow">
<table><thead><tr><th scope="col">When</th><th scope="col">Mode</th><th scope="col">By default</th></tr></thead>
<tbody>
{rows}</tbody></table></div>{more}
"""


def _world(world: World[Deployment]) -> str:
    when = "<br>".join(_text(assumption) for assumption in world.when) or "always"
    default = "yes" if world.default else "no"
    return f"<tr><td>{when}</td><td>{_text(_mode(world.value))}</td><td>{default}</td></tr>\n"


def _mode(deployment: Deployment) -> str:
    if deployment.state == "not-deployed":
        return "not deployed"
    mode, deployed = deployment.mode.content, deployment.deployed.content
    text = mode_text(deployment.mode) + (f": {mode.reason}" if isinstance(mode, Unknown) else "")
    return text + (f"; deployed or not: {deployed.reason}" if isinstance(deployed, Unknown) else "")


def _way(trace: Trace, source: SourceText) -> str:
    if not trace:
        return ""
    return f"<h3>How the mode came</h3>\n{_steps(shorten(trace), source)}"


def _steps(way: Way, source: SourceText) -> str:
    items = [f"<li>{_step(step, source)}</li>\n" for step in way.first]
    if way.omitted:
        items.append(f"<li>{plural(way.omitted, 'step')} more</li>\n")
    number = len(way.first) + way.omitted
    items += [f'<li value="{number + i}">{_step(step, source)}</li>\n' for i, step in enumerate(way.last, 1)]
    return f'<ol class="way">\n{"".join(items)}</ol>\n'


def _step(step: Step, source: SourceText) -> str:
    head = f'<span class="place">{_place(step.span)}</span> {_text(step.text)}'
    found = excerpt(source, step.span)
    if found is None:
        return head
    # the parts are visible characters already
    line = f"{escape(found.before)}<mark>{escape(found.marked)}</mark>{escape(found.after)}"
    return f'{head}<pre><span class="line" aria-hidden="true">{step.span.line}</span><code>{line}</code></pre>'


def _finding(finding: Finding, source: SourceText, told: Trace = ()) -> str:
    """One finding; without its steps where the pool's own way (`told`) has them already."""
    steps = "" if told and finding.trace == told else _steps(way_of(finding), source)
    when = "".join(f"<li>when {_text(world)}</li>" for world in finding.when)
    why = f"<p><strong>Suppressed:</strong> {_text(finding.suppressed.reason)}</p>" if finding.suppressed else ""
    help_text = f"<p><strong>Help:</strong> {_text(finding.help)}</p>" if finding.help else ""
    state = "suppressed" if finding.suppressed else finding.level
    return f"""<section class="finding {state}">
<h3>{finding.level} {_text(finding.rule)} {_text(finding.name)}</h3>
{why}<p>{_text(finding.message)}</p>{f"<ul>{when}</ul>" if when else ""}
{steps}{help_text}
</section>
"""


def _others(report: Report, source: SourceText) -> str:
    """What was found that is no pool's: inputs that could not be read, modules that are not there."""
    pools = {(judged.pool.unit, judged.pool.address) for judged in report.pools}
    rest = [finding for finding in report.findings if (finding.unit, finding.address) not in pools]
    if not rest:
        return ""
    return f"""<section aria-labelledby="others-title">
<h2 id="others-title">Inputs and modules</h2>
{"".join(_finding(finding, source) for finding in rest)}</section>
"""


def _place(span: Span) -> str:
    return f"{_text(span.file)}:{span.line}:{span.column}"
