"""Comments of HCL are what Terraform's own scanner takes for comments."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_lint.terraform.comments import comments

FIXTURES = Path(__file__).parents[1] / "fixtures"


def texts(source):
    return [source[comment.text_start : comment.text_end] for comment in comments(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# a\nb = 1 // c\n/* d\n e */ f = 2 # g", [" a", " c", " d\n e ", " g"]),
        ('a = "# b" # c', [" c"]),
        ('a = "\\"# b" # c', [" c"]),
        ('a = "${"# b"} # c" # d', [" d"]),
        ('a = "${ /* b */ "x" } # c"', [" b "]),
        ('a = "$${ # b" # c', [" c"]),
        ('a = "%{ if true }# b%{ endif }" # c', [" c"]),
        ('a = "${ { b = "}" } } # c" # d', [" d"]),
        ("a = <<EOT\n# b\nEOT\n# c", [" c"]),
        ("a = <<-EOT\n  # b\n  EOT\n# c", [" c"]),
        ("a = <<EOT\n# b ${ 1 # c\n} # d\n EOTx\nEOT\n# e", [" c", " e"]),
        ("a = <<EOT\r\n# b\r\nEOT\r\n# c\r\n", [" c\r"]),
        ("a = b<<EOT\n# no heredoc ends\n", []),
        ('a = "not closed # b\n# c', []),
        ("/* not closed # a\n# b", []),
        ("/* a /* b */ # c", [" a /* b ", " c"]),
        ("} } # a", [" a"]),
        ("#", [""]),
        ("/**/", [""]),
    ],
)
def test_comments_are_what_terraform_takes_for_them(source, expected):
    """Strings, interpolations, directives and heredocs with their escapes; nothing after what is not closed."""
    assert expected == texts(source)


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tf")), ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_tree_sitter_finds_the_same(path):
    """The default reader's own comment nodes, where it has no error."""
    import tree_sitter
    import tree_sitter_hcl

    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        pytest.skip("not UTF-8 on purpose: there is no text to find comments in")
    root = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language())).parse(data).root_node
    if root.has_error:
        pytest.skip("broken on purpose: the reader has no tree to compare with")
    expected, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if node.type == "comment":
            expected.append((node.start_byte, data[node.start_byte : node.end_byte].decode().rstrip("\n")))
        waiting += node.children
    found = [(len(text[: one.start].encode()), text[one.start : one.end]) for one in comments(text)]
    assert sorted(expected) == found


@given(st.text(alphabet='#/*"${}%<-EOT\\ \n\rab', max_size=60))
@example('"' * 50)
def test_any_text_has_comments_in_order(source):
    """No text makes it fail, and no comment overlaps another."""
    position = 0
    for comment in comments(source):
        assert position <= comment.start < comment.end <= len(source)
        assert comment.start < comment.text_start <= comment.text_end <= comment.end
        position = comment.end


def test_a_deep_nest_of_templates_is_bounded_by_its_text():
    """Templates in templates are followed without recursion."""
    depth = 20_000
    assert [" a"] == texts("x = " + '"${' * depth + "1" + '}"' * depth + " # a")
