"""A settings file that means nothing: exit code 2, the place, and what to write."""

from __future__ import annotations

import pytest

from command_runs import run

OWN = ".cognito-lint.toml"
IGNORE = "[[ignores]]\nrules = ['COG001']\n"


def check(folder, *args):
    """A check in a folder that is a repository's top."""
    (folder / ".git").mkdir(exist_ok=True)
    return run(folder, "check", *args)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("strict =", "1:9: this is no TOML"),
        ("strict = true\nstrict = true", "2:14: this is no TOML: cannot overwrite a value"),
        ("selct = []", "1:1: there is no key 'selct'; did you mean select?"),
        ("fail_on = 'error'", "1:1: there is no key 'fail_on'; did you mean fail-on?"),
        ("a.b = 1", "1:1: there is no key 'a'; there are select, "),
        ("select = 'COG001'", "1:1: select wants a list of strings"),
        ("select = []", "1:1: select is empty: name a rule, or leave select out"),
        (
            "[[ignores]]\nrules = []\nreason = 'x'\npath = 'a'",
            "2:1: rules is empty: name a rule, or leave the entry out",
        ),
        ("\nignore = ['COG01']", "2:1: there is no rule 'COG01'; did you mean COG001?"),
        ("fail-on = 'warn'", "did you mean warning?"),
        ("fail-on.x = 1", "1:1: fail-on is one of error, warning, note, never"),
        ("strict = 'yes'", "1:1: strict wants true or false, not 'yes'"),
        ("exclude = [1]", "1:1: exclude wants a list of strings"),
        ("format = ['srif']", "there is no format 'srif'; did you mean sarif?"),
        ("format = ['sarif=']", "write sarif=FILE, or sarif alone for stdout"),
        ("baseline = 1", "baseline wants a string, not 1"),
        ("[roots]\npath = 'a'", "1:2: roots wants tables, each below a line [[roots]]"),
        ("[[roots]]\nname = 'a'", "1:3: this entry needs path"),
        ("strict = true\n[[ roots ]]\npath = 'gone'", "2:4: there is no directory gone"),
        ("[[roots]]\npath = '.'", ". is no root module: no Terraform file is in it"),
        ("[[roots]]\npath = ''", "2:1: path is empty"),
        ("[[templates]]\npath = 'gone.yaml'", "there is no template gone.yaml"),
        ("[[roots]]\npath = 'a'\nvars = {x = nan}", "3:1: vars cannot hold nan; write it as a string"),
        (IGNORE, "1:3: this entry needs reason"),
        (IGNORE + "reason = 'why'\nuntil = 'soon'", "4:1: until wants a day, as in 2026-12-31"),
        (IGNORE + "reason = 'why'\nuntil = 2026-02-30", "4:9: this is no TOML: invalid date"),
        ("a = " + "[" * 5000, "nested too deep"),
        ("[tool.cognito-lint]", "the keys stand at the top of .cognito-lint.toml"),
    ],
)
def test_the_error_says_where_and_what(text, expected, tmp_path):
    """Each error names the file and, as far as it is to be had, the line and column."""
    (tmp_path / OWN).write_text(text, encoding="utf-8")
    code, out, err = check(tmp_path)
    assert (2, "") == (code, out)
    assert err.startswith(f"cognito-lint: {OWN}:")
    assert expected in err


def test_a_file_that_is_no_text(tmp_path):
    """Bytes that are not UTF-8 are an error, not settings without keys."""
    (tmp_path / OWN).write_bytes(b"strict = true # \xe9\n")
    code, _, err = check(tmp_path)
    assert 2 == code
    assert f"{OWN}:1:" in err


def test_a_directory_and_a_link_that_leads_nowhere(tmp_path):
    """What stands there but cannot be read is said: it may have been meant to be strict."""
    (tmp_path / OWN).mkdir()
    assert 2 == check(tmp_path).code
    (tmp_path / OWN).rmdir()
    (tmp_path / OWN).symlink_to("nowhere")
    assert 2 == check(tmp_path).code


def test_a_link_out_of_the_repository(tmp_path):
    """Discovered settings are the repository's own."""
    (tmp_path / "other.toml").write_text("strict = true", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / OWN).symlink_to("../other.toml")
    code, _, err = check(inside)
    assert 2 == code
    assert "leads out of the scanned repository" in err


def test_a_long_line_ends(tmp_path):
    """The search for a key's place is linear, also in what only looks like a table's header."""
    (tmp_path / OWN).write_text("x = '''\n[" + " " * 500_000 + "\n'''", encoding="utf-8")
    assert "there is no key 'x'" in check(tmp_path).err


def test_a_named_file_needs_our_table(tmp_path):
    """--config is a wish for settings: a file without any is an error, where discovery passes it over."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert 0 == check(tmp_path).code
    code, _, err = check(tmp_path, "--config", "pyproject.toml")
    assert 2 == code
    assert "there is no table [tool.cognito-lint] in this file" in err
    assert 2 == check(tmp_path, "--config", "gone.toml").code


@pytest.mark.parametrize("header", ["tool.cognito_lint", "tool.CognitoLint", "cognito-lint"])
def test_a_table_that_can_only_be_meant_for_us(tmp_path, header):
    """Settings under another spelling of our name would hold for nothing, and nobody would notice."""
    text = f"[project]\nname = 'x'\n\n[{header}]\nfail-on = 'never'\n"
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    code, _, err = check(tmp_path)
    assert 2 == code
    assert f"pyproject.toml:4:2: [{header}] is no table of ours; write [tool.cognito-lint]" in err


def test_tables_of_others_that_speak_of_us_are_theirs(tmp_path):
    """The package's name may stand below other tools' tables."""
    text = "[tool.mypy]\npackages = ['cognito_lint']\n\n[tool.x.cognito_lint]\na = 1\n"
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert 0 == check(tmp_path).code
