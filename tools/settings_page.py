"""docs/settings.md: every key of the settings, from the keys that their reader goes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cognito_lint.settings.keys import KEYS, Key

SOURCE = "src/cognito_lint/settings/keys.py"

_INTRODUCTION = """\
# Settings

What holds for every run of a repository stands in `pyproject.toml` below `[tool.cognito-lint]`, or in a file
`.cognito-lint.toml` of its own, where the same keys stand at the top. The nearest file counts, from the working
directory up to the top of the repository, and of two in one directory `.cognito-lint.toml`. A key that does not exist
is an error, which names the nearest one.

```toml
[tool.cognito-lint]
fail-on = "warning"
exclude = ["examples/**"]

[[tool.cognito-lint.roots]]
path = "infra"
var-files = ["prod.tfvars"]

[[tool.cognito-lint.ignores]]
rules = ["COG001"]
address = "module.partners.*"
reason = "only federated users sign in here"
until = 2027-03-31
```

In `.cognito-lint.toml` this begins with `fail-on = "warning"`, and the tables are `[[roots]]` and `[[ignores]]`.

`--config FILE` names the file instead, also along with `--isolated`, which looks for none. `--show-settings` prints
what holds for a run and where it comes from. For editors there is a JSON Schema of the keys,
[settings.schema.json](../src/cognito_lint/settings/settings.schema.json): `#:schema PATH` as the first line of
`.cognito-lint.toml`.

Several entries of `roots` with one `path` are several deployments of one root, each evaluated and reported by its name.
cfn-lint and Checkov do not see the settings: they have their own.
"""

_VALUES = {
    "text": "a string",
    "texts": "a list of strings",
    "flag": "`true` or `false`",
    "rules": "a list of rules, by id or name",
    "formats": "a list of `FORMAT` or `FORMAT=FILE`",
    "values": "a table of names and values",
    "date": "a day, as `2027-03-31`",
    "entries": "an array of tables",
}


def settings_page() -> tuple[str, str, str]:
    """The name below docs/, the source and the text of the page."""
    parts = [_INTRODUCTION, "## Keys\n", _table(KEYS)]
    for key in KEYS:
        if key.entry:
            parts += [f"## `[[{key.name}]]`\n", f"{key.about}\n", _table(key.entry)]
    return "settings.md", SOURCE, "\n".join(parts)


def _table(keys: Iterable[Key]) -> str:
    return "| key | value | |\n|---|---|---|\n" + "".join(_rows(keys))


def _rows(keys: Iterable[Key]) -> Iterator[str]:
    for key in keys:
        value = " or ".join(f'`"{choice}"`' for choice in key.choices) or _VALUES[key.kind]
        needed = "; required" if key.required else ""
        yield f"| `{key.name}` | {value}{needed} | {key.about} |\n"
