"""Every key of the settings: what it may hold and what it means. The reader, the JSON Schema and the docs follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "texts", "flag", "choice", "rules", "formats", "values", "date", "entries"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key and its value's kind.

    `text` is a string, `texts` a list of them, `rules` a list of rules by id or name, `formats` a list of
    `FORMAT[=FILE]`, `values` a table of names and values, `date` a day (2026-12-31, quoted or not), `entries` an array
    of tables with the keys of `entry`, each with at least one of those that `one_of` names. A `filled` list is
    not empty. `about` says what it means, in Markdown.
    """

    name: str
    kind: Kind
    about: str
    choices: tuple[str, ...] = ()
    required: bool = False
    entry: tuple[Key, ...] = ()
    one_of: tuple[str, ...] = ()
    filled: bool = False


ROOT = (
    Key("path", "text", "The root module's directory, as seen from the settings file.", required=True),
    Key(
        "name",
        "text",
        "What reports call this deployment: its unit is shown as `PATH (NAME)`. Entries that share a "
        "path need names; without one, it is made of the names of the `var-files`.",
    ),
    Key(
        "var-files",
        "texts",
        "tfvars files, the last wins. Each is looked for in the root module's directory, then in "
        "that of the settings file.",
    ),
    Key("vars", "values", "Terraform variables, as `--var` takes them; they win over `var-files`."),
)
TEMPLATE = (
    Key("path", "text", "The template, or a glob that matches several, as seen from the settings file.", required=True),
    Key("name", "text", "As for `roots`; without one, it is made of the names of the `parameter-files`."),
    Key(
        "parameter-files",
        "texts",
        "Files of parameters, as `--parameters` takes them, the last wins. Each is "
        "looked for in the directory of the settings file.",
    ),
    Key(
        "parameters",
        "values",
        "Template parameters, and pseudo parameters such as `AWS::Region`, as `--parameter` takes them; they win over "
        "`parameter-files`.",
    ),
)
IGNORE = (
    Key("rules", "rules", "The rules whose findings are suppressed.", required=True, filled=True),
    Key("reason", "text", "Why, for whoever reads the report.", required=True),
    Key("address", "text", "A glob of addresses, as reports show them."),
    Key("path", "text", "A glob of paths of units or files, as seen from the settings file."),
    Key("until", "date", "The last day on which it counts."),
)
KEYS = (
    Key("select", "rules", "Only these rules are asked. `--select` replaces it.", filled=True),
    Key("ignore", "rules", "All rules but these are asked. `--ignore` replaces it."),
    Key(
        "fail-on",
        "choice",
        "The lowest level that makes exit code 1. `--fail-on` replaces it.",
        ("error", "warning", "note", "never"),
    ),
    Key("strict", "flag", "A default proves nothing, as with `--strict`."),
    Key("exclude", "texts", "Globs of paths to leave out, as seen from the settings file. `--exclude` adds to them."),
    Key("format", "formats", "Formats of the report, each `FORMAT` or `FORMAT=FILE`. `--format` replaces it."),
    Key(
        "hcl-reader",
        "choice",
        "Which reader reads Terraform files. `--hcl-reader` replaces it.",
        ("tree-sitter", "python-hcl2"),
    ),
    Key("baseline", "text", "The baseline, as seen from the settings file. `--baseline` replaces it."),
    Key(
        "roots",
        "entries",
        "How root modules are deployed: each entry is one deployment. What is given with `--var` "
        "and `--var-file` wins over it.",
        entry=ROOT,
    ),
    Key(
        "templates",
        "entries",
        "How templates are deployed: each entry is one deployment. What is given with "
        "`--parameter` and `--parameters` wins over it.",
        entry=TEMPLATE,
    ),
    Key(
        "ignores",
        "entries",
        "Findings to suppress, by rule and by `address` or `path` or both.",
        entry=IGNORE,
        one_of=("address", "path"),
    ),
)
