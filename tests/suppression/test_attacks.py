"""What someone would try who wants a wrong pass, or meets one by accident."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

POOL = "Type: AWS::Cognito::UserPool"
IGNORE = "# cognito-lint: ignore[COG001] why"
TF = 'resource "aws_cognito_user_pool" "%s" {\n  name = "x"\n%s}\n'
AUDIT = '  user_pool_add_ons {\n    advanced_security_mode = "AUDIT"%s\n  }\n'


def template(*lines):
    return "\n".join(("Resources:", *lines, ""))


CASES = {
    "crlf": (template(f"  {IGNORE}", "  A:", f"    {POOL}", "  B:", f"    {POOL}").replace("\n", "\r\n"), "A", "B"),
    "byte order mark and a tab": ("\ufeff" + template(f"  A:\t{IGNORE}", f"    {POOL}"), "A", ""),
    "utf-16": (
        ("\ufeff" + template(f"  A: {IGNORE}", f"    {POOL}", "  B:", f"    {POOL}")).encode("utf-16-le"),
        "A",
        "B",
    ),
    "the last line, without an end": (f"Resources:\n  A:\n    {POOL}\n  B: {{{POOL}}} {IGNORE}", "B", "A"),
    "no space behind the sign": (template("  A: #cognito-lint: ignore[COG001] why", f"    {POOL}"), "A", ""),
    "an anchored resource": (
        template(f"  A: &a {IGNORE}", f"    {POOL}", "    Properties: {UserPoolName: a}", "  B: *a"),
        "A",
        "B",
    ),
    "an anchored resource on one line": (
        template(
            f"  A: &a {{{POOL}, Properties: {{UserPoolAddOns: {{AdvancedSecurityMode: AUDIT}}}}}} {IGNORE}", "  B: *a"
        ),
        "A",
        "B",
    ),
    "two resources on one line": (f"Resources: {{A: {{{POOL}}}, B: {{{POOL}}}}} {IGNORE}\n", "", "AB"),
    "one resource on the line of all": (f"Resources: {{A: {{{POOL}}}}} {IGNORE}\n", "A", ""),
    "metadata of an anchored resource": (
        template("  A: &a", f"    {POOL}", "    Metadata: {cognito-lint: {ignore: {COG001: why}}}", "  B: *a"),
        "A",
        "B",
    ),
    "metadata that is merged in": (
        template(
            "  A: &a", f"    {POOL}", "    Metadata: {cognito-lint: {ignore: {COG001: why}}}", "  B:", "    <<: *a"
        ),
        "A",
        "B",
    ),
    "a resource that is written twice": (
        template(f"  {IGNORE}", "  A:", f"    {POOL}", "  A:", f"    {POOL}"),
        "",
        "A",
    ),
    "metadata that is written twice": (
        template(
            "  A:", f"    {POOL}", "    Metadata: {cognito-lint: {ignore: {COG001: why}}}", "    Metadata: {a: b}"
        ),
        "",
        "A",
    ),
    "two documents": (template(f"  A: {IGNORE}", f"    {POOL}") + "---\n" + template("  A:", f"    {POOL}"), "A", "A"),
    "metadata of one of two documents": (
        "Metadata: {cognito-lint: {ignore: {COG001: why}}}\n"
        + template("  A:", f"    {POOL}")
        + "---\n"
        + template("  A:", f"    {POOL}"),
        "A",
        "A",
    ),
    "a plain scalar": (
        template(
            "  A:",
            f"    {POOL}",
            "    Properties:",
            "      UserPoolName: a",
            "        b#cognito-lint:ignore[COG001] why",
        ),
        "",
        "A",
    ),
    "a quoted scalar": (
        template("  A:", f"    {POOL}", '    Properties: {UserPoolName: "a', f'      {IGNORE}"}}'),
        "",
        "A",
    ),
    "a rule beside": (template("  A: # cognito-lint: ignore[COG002] why", f"    {POOL}"), "", "A"),
    "lines that end in a carriage return": (
        template(f"  {IGNORE}", "  A:", f"    {POOL}", "  B:", f"    {POOL}").replace("\n", "\r"),
        "",
        "AB",
    ),
    "a line separator": (f"Resources:\u2028  {IGNORE}\u2028  A:\u2028    {POOL}\n  B: {{{POOL}}}\n", "", "AB"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_template(check, name):
    """Who is covered is suppressed, and nobody else."""
    content, suppressed, active = CASES[name]
    result = check({"template.yaml": content})
    assert dict.fromkeys((f"COG001 {pool}" for pool in suppressed), "why") == result.suppressed
    assert [f"COG001 {pool}" for pool in active] == sorted(result.active)


MODULES = {
    "crlf": (f"{IGNORE}\r\n" + TF.replace("\n", "\r\n") % ("a", ""), "a", ""),
    "a byte order mark": (f"\ufeff{IGNORE}\n" + TF % ("a", "") + TF % ("b", ""), "a", "b"),
    "a string": (TF % ("a", f'  alias = "{IGNORE}"\n'), "", "a"),
    "a heredoc": (TF % ("a", f"  alias = <<-EOT\n    {IGNORE}\n  EOT\n"), "", "a"),
    "a heredoc above": (f"locals {{\n  a = <<EOT\n{IGNORE}\nEOT\n}}\n" + TF % ("a", ""), "", "a"),
    "an interpolation in a string": (TF % ("a", '  alias = "${"# x"} ' + IGNORE + '"\n'), "", "a"),
    "a comment in a comment": (f"/* x\n{IGNORE} */\n" + TF % ("a", ""), "", "a"),
    "a block comment": ("/*\n * cognito-lint: ignore[COG001] why\n */\n" + TF % ("a", ""), "a", ""),
    "before the code": ("/* cognito-lint: ignore[COG001] why */ " + TF % ("a", ""), "a", ""),
    "behind another comment": (TF.replace("{\n", "{ /* x */ " + IGNORE + "\n", 1) % ("a", ""), "a", ""),
    "a run of comments": (f"{IGNORE}\n# more\n/* and\nmore */\n// still\n" + TF % ("a", ""), "a", ""),
    "an empty line between": (f"{IGNORE}\n\n" + TF % ("a", ""), "", "a"),
    "the line above the line at fault": (TF % ("a", AUDIT.replace("    adv", f"    {IGNORE}\n    adv") % ""), "a", ""),
    "the line at fault of two": (
        TF % ("a", AUDIT % f" {IGNORE}")
        + TF
        % ("b", AUDIT.replace('"AUDIT"', "aws_cognito_user_pool.a.user_pool_add_ons[0].advanced_security_mode") % ""),
        "ab",
        "",
    ),
    "the block around the mode": (TF % ("a", AUDIT.replace("add_ons {", f"add_ons {{ {IGNORE}") % ""), "", "a"),
    "a rule beside": (TF % ("a", AUDIT % " # cognito-lint: ignore[COG002, COG003] why"), "", "a"),
    "one invalid rule among two": (TF % ("a", AUDIT % " # cognito-lint: ignore[COG001, COG9] why"), "", "a"),
    "every instance": (IGNORE + "\n" + TF % ("a", "  count = 2\n"), "a[0] a[1]", ""),
}


@pytest.mark.parametrize("name", MODULES)
def test_a_module(check, name):
    """Who is covered is suppressed, and nobody else."""
    content, suppressed, active = MODULES[name]
    result = check({"main.tf": content})
    names = suppressed.split() if " " in suppressed else list(suppressed)
    assert {f"COG001 aws_cognito_user_pool.{pool}": "why" for pool in names} == result.suppressed
    assert [f"COG001 aws_cognito_user_pool.{pool}" for pool in active] == result.active


def test_both_hcl_readers_agree_on_comments(check):
    """Comments are found in the text, whichever reader makes the tree."""
    pytest.importorskip("lark")
    content = f"{IGNORE}\n" + TF % ("a", "") + TF % ("b", f'  alias = "{IGNORE}"\n')
    result = check({"main.tf": content}, "--hcl-reader", "python-hcl2")
    assert (["COG001 aws_cognito_user_pool.b"], {"COG001 aws_cognito_user_pool.a": "why"}) == result[1:3]


def test_cog001_and_cog002_are_two_rules(check):
    """Suppressing that a pool is unproven does not suppress that it is not protected, nor the other way round."""
    content = 'variable "mode" {}\n# cognito-lint: ignore[COG00%d] why\n' + TF % (
        "a",
        AUDIT.replace('"AUDIT"', "var.mode") % "",
    )
    assert ["COG002 aws_cognito_user_pool.a"] == check({"main.tf": content % 1}).active
    assert [] == check({"main.tf": content % 2}).active
    assert ["COG001 aws_cognito_user_pool.a"] == check(
        {"main.tf": content % 2, "terraform.tfvars": 'mode = "OFF"'}
    ).active


def test_what_cannot_be_read_stays_an_error(check):
    """COG900 is never suppressed, and a suppression in a broken file does not call itself needless."""
    result = check({"main.tf": "# cognito-lint: ignore[COG900, COG001] why\n" + (TF % ("a", ""))[:-2]})
    assert (2, {}) == (result.code, result.suppressed)
    assert ["COG900 main.tf"] == [one for one in result.active if "COG900" in one]
    assert ["COG092"] == [rule for rule, *_ in result.complaints]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_between_markers(check, text):
    """Whatever follows a marker, in whatever lines: a report, and no traceback; a pool below it in a string stays."""
    safe = text.encode("utf-8", "replace").decode()
    for name, content in (
        ("main.tf", f"# cognito-lint: ignore[COG001]{safe}\n# cognito-lint: ignore[{safe}\n" + TF % ("a", "")),
        ("template.yaml", template(f"  A: # cognito-lint: ignore[{safe}] why", f"    {POOL}")),
    ):
        assert check({"main.tf": "", "template.yaml": "", name: content}).code in (0, 1, 2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="ab#$%{}/* ", max_size=30))
def test_no_string_suppresses(check, text):
    """A marker in a quoted string or heredoc, in any company, suppresses nothing."""
    quoted = text.replace("${", "$${").replace("%{", "%%{").replace("$$${", "$ ${").replace("%%%{", "% %{")
    if "$ ${" in quoted or "% %{" in quoted:
        return
    for held in (f'"{quoted} {IGNORE}"', f"<<EOT\n{quoted}\n{IGNORE}\nEOT"):
        result = check({"main.tf": TF % ("a", f"  alias = {held}\n")})
        assert (["COG001 aws_cognito_user_pool.a"], {}) == (result.active, result.suppressed)


def test_past_the_bound_nothing_is_suppressed(check):
    """A file with more suppressions than anybody writes is read to the bound, which COG092 names."""
    lines = "# cognito-lint: ignore[COG005] many\n" * 2_000
    result = check({"main.tf": lines + f"{IGNORE}\n" + TF % ("a", "")}, "--ignore", "COG091")
    assert (["COG001 aws_cognito_user_pool.a"], {}) == (result.active, result.suppressed)
    [(rule, _, line, message)] = result.complaints
    assert ("COG092", 2_001) == (rule, line)
    assert "2,000" in message
