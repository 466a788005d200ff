"""The baseline as a file: where it lies, what is written in it, and what is no baseline."""

import os

import pytest
from past_projects import check, entries, template

from command_runs import write

GOOD = '{"unit": "a", "address": "b", "rule": "COG001", "level": "error"}'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "known.json:1:1: the file is not JSON"),
        ('{"version": 1,\n "findings": [}', "known.json:2:15: the file is not JSON"),
        ("<<<<<<< HEAD\n", "known.json:1:1: the file is not JSON"),
        ("[]", 'known.json:1:1: this is no baseline: it has no "version"'),
        ('{"version": 2, "findings": []}', 'known.json:1:13: "version" is 2'),
        ('{"version": true, "findings": []}', '"version" is true'),
        ('{"version": "1", "findings": []}', '"version" is "1"'),
        ('{"version": 1}', '"findings" must be a list'),
        ('{"version": 1, "findings": {}}', 'known.json:1:28: "findings" must be a list'),
        ('{"version": 1, "findings": [], "x": 1}', 'known.json:1:32: a baseline has no key "x"'),
        ('{"version": 1, "findings": [3]}', "known.json:1:29: an entry must be an object, not 3"),
        (GOOD.replace('"COG001"', '"COG1"'), "there is no rule COG1"),
        (GOOD.replace("COG001", "COG900"), "COG900 cannot be in a baseline"),
        (GOOD.replace("error", "fatal"), '"level" must be one of note, warning, error'),
        (GOOD.replace('"b"', "null"), 'either "address" or "file"'),
        (GOOD.replace('"b"', "7"), '"address" must be a text, not 7'),
        (GOOD.replace('"a"', '""'), '"unit" must be a text'),
        (GOOD.replace('"unit"', '"line": 3, "unit"'), 'an entry has no key "line"'),
        (GOOD.replace('"unit"', '"count": 0, "unit"'), '"count" must be a whole number from 1, not 0'),
        (GOOD.replace('"unit"', '"count": true, "unit"'), "not true"),
        ("[" * 100_000, "nested deeper than"),
        (b'{"version": \xff}', "the file is not UTF-8 text"),
    ],
)
@pytest.mark.parametrize("option", ["--baseline", "--write-baseline"])
def test_a_malformed_baseline_is_exit_2_with_its_place(tmp_path, text, complaint, option):
    """One clear sentence; a file that is no baseline is not overwritten either."""
    if isinstance(text, str) and '"rule"' in text:
        text = f'{{"version": 1, "findings": [{text}]}}'
    write(tmp_path, {"known.json": text})
    write(tmp_path, {"t.yaml": template("OFF")})
    before = (tmp_path / "known.json").read_bytes()
    ran = check(tmp_path, option, "known.json")
    assert 2 == ran.code
    assert complaint in ran.err
    assert 1 == ran.err.count("\n")
    assert before == (tmp_path / "known.json").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--baseline", "none.json"), "--baseline: none.json:1:1: the file cannot be read: no such file"),
        (("--baseline", "."), "it is not a regular file"),
        (("--baseline", ""), "the name of the baseline is empty"),
        (("--prune-baseline",), "--prune-baseline goes with --baseline FILE"),
        (("--baseline", "a.json", "--write-baseline", "b.json"), "name two files"),
        (("--write-baseline", "a.json", "--prune-baseline"), "--write-baseline prunes too"),
        (("--write-baseline", "a.json", "--output", "./a.json"), "cannot go to one file"),
        (("--write-baseline", "no/such/a.json"), "cannot be written"),
    ],
)
def test_wrong_usage_is_exit_2(tmp_path, arguments, complaint):
    """What cannot be meant is said."""
    ran = check(tmp_path, *arguments)
    assert (2, 1) == (ran.code, ran.err.count("\n"))
    assert complaint in ran.err


def test_an_entry_that_a_merge_doubled_counts_once(tmp_path):
    """Two branches that accept one finding do not accept two."""
    write(tmp_path, {"t.yaml": template("OFF") + "---\n" + template("OFF")})
    entry = '{"unit": "t.yaml", "address": "Pool", "rule": "COG001", "level": "error"}'
    write(tmp_path, {"known.json": f'{{"version": 1, "findings": [{entry}, {entry}]}}'})
    assert [("COG001", "t.yaml", "Pool")] == check(tmp_path, "--select", "COG001", "--baseline", "known.json").active


def test_a_baseline_outside_the_repository_is_read(project, tmp_path):
    """The user named it: it is no input that a scanned file chose."""
    check(project, "--write-baseline", tmp_path / "known.json")
    assert "project/dev" in {entry["unit"] for entry in entries(tmp_path)}
    assert 0 == check(project, "--baseline", tmp_path / "known.json").code


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX alone")
@pytest.mark.parametrize("name", ["a b", 'q"uote', "new\nline", "größe", b"\xff\xfe"])
def test_strange_names_are_kept(tmp_path, name):
    """A path is written so that it is read again as it was."""
    folder = os.fsdecode(name)
    try:
        write(tmp_path, {f"{folder}/t.yaml": template("OFF")})
    except OSError as error:
        pytest.skip(f"the file system refuses the name: {error}")
    check(tmp_path, "--write-baseline", "known.json")
    assert [] == check(tmp_path, "--baseline", "known.json").active
    assert f"{folder}/t.yaml" in {entry["unit"] for entry in entries(tmp_path)}
