"""A small builder of pools and findings, and one report that holds one of each kind."""

from __future__ import annotations

from cognito_lint.model import ABSENT, NO, YES, Finding, Problem, Span, Step, Unknown, UserPool, Value
from cognito_lint.report.report import JudgedPool, Report
from cognito_lint.rules import RULES
from cognito_lint.rules.verdict import deployments, verdict_of
from cognito_lint.spaces import EVERYWHERE, Space
from cognito_lint.worlds import boolean, choose, holds

NAMES = {rule.id: rule.name for rule in RULES}
IS_PROD = boolean("condition IsProd", "IsProd")
PROD_BY_DEFAULT = Space({}, True, {IS_PROD: "true"})
FILES = {
    "template.yaml": (
        "Resources:\r\n  Pool:\r\n    Type: AWS::Cognito::UserPool\r\n    Properties:\r\n"
        "      UserPoolAddOns: {AdvancedSecurityMode: AUDIT}\r\n"
    ),
    "envs/dev/terraform.tfvars": 'region = "eu"\n\nmode = "AUDIT"\n',
    "modules/auth/main.tf": 'resource "aws_cognito_user_pool" "this" {\n\tadvanced_security_mode = var.mode\n}\n',
}


def step(file, line, column, end_column, text=""):
    return Step(Span(file, line, column, line, end_column), text)


TERRAFORM_WAY = (
    step("envs/dev/terraform.tfvars", 3, 8, 15, "decided here"),
    step("modules/auth/main.tf", 2, 27, 35, "read here"),
)
CLOUDFORMATION_WAY = (step("template.yaml", 5, 46, 51, "decided here"),)


def pool(address, mode, *, unit="template.yaml", file="template.yaml", kind="cloudformation", line=2, **others):
    span = Span(file, line, 3, line, 7)
    return UserPool(address, kind, unit, span, span, mode, **others)


def judged(one):
    found = deployments(one)
    return JudgedPool(one, verdict_of(found), found)


def finding(
    rule="COG001",
    message="the mode is OFF",
    *,
    level="error",
    help="",  # noqa: A002 - the contract's own word
    address="Pool",
    unit="template.yaml",
    span=None,
    when=(),
    trace=(),
    file="template.yaml",
    label=None,
):
    span = span or (trace[0].span if trace else Span(file, 2, 3, 2, 7))
    return Finding(rule, NAMES[rule], level, message, help, address, unit, span, when, trace, label=label)


def report(pools=(), findings=(), errors=(), **others):
    return Report(tuple(judged(one) for one in pools), tuple(findings), tuple(errors), **others)


TERRAFORM_ADDRESS = 'module.auth["eu"].aws_cognito_user_pool.this[0]'
POOLS = (
    pool("Pool", Value("AUDIT", CLOUDFORMATION_WAY), tier=Value("PLUS")),
    pool("Safe", Value("ENFORCED"), line=7, tier=Value("PLUS")),
    pool(
        "Half",
        choose(holds(IS_PROD, "true"), lambda: Value("ENFORCED"), lambda: Value("OFF")),
        line=9,
        space=PROD_BY_DEFAULT,
        label="Stack/Auth/Half",
    ),
    pool("Open", Value(Unknown("Fn::ImportValue is not known here")), line=12),
    pool("Gone", ABSENT, line=15, deployed=NO),
    pool(
        TERRAFORM_ADDRESS,
        Value("AUDIT", TERRAFORM_WAY),
        unit="envs/dev",
        file="modules/auth/main.tf",
        kind="terraform",
        line=1,
        deployed=YES,
        space=EVERYWHERE,
    ),
)
PROBLEM = Problem(Span("broken.yaml", 3, 5, 3, 6), "a mapping ends here without a value", "give it one")
FINDINGS = (
    finding("COG900", PROBLEM.message, help=PROBLEM.help, address=None, unit="broken.yaml", span=PROBLEM.span),
    finding(
        "COG001",
        "the mode is AUDIT: risky sign-ins are logged, not blocked",
        help='write user_pool_add_ons { advanced_security_mode = "ENFORCED" }',
        address=TERRAFORM_ADDRESS,
        unit="envs/dev",
        trace=TERRAFORM_WAY,
    ),
    finding(
        "COG901",
        'the source of this module is not on disk: "acme/cognito"; what it declares is not checked',
        level="note",
        help="run terraform init first, or check the plan's JSON",
        address="module.remote",
        unit="envs/dev",
        span=Span("envs/dev/main.tf", 4, 1, 6, 2),
    ),
    finding("COG001", "the mode is AUDIT: risky sign-ins are logged, not blocked", trace=CLOUDFORMATION_WAY),
    finding(
        "COG002",
        "the mode is ENFORCED by default only: the mode is OFF",
        level="warning",
        address="Half",
        span=Span("template.yaml", 9, 3, 9, 7),
        when=("IsProd is false",),
    ),
    finding(
        "COG002",
        "it is not proven that the mode is ENFORCED: Fn::ImportValue is not known here",
        level="warning",
        address="Open",
        span=Span("template.yaml", 12, 3, 12, 7),
    ),
)
FULL = report(POOLS, FINDINGS, (PROBLEM,), files=4, absent_modules=1, absent_templates=2)
EMPTY = report()

# what a hostile repository may put into a name: an escape sequence, a line end, bidirectional and invisible characters,
# markup of every format, a byte that is no UTF-8
HOSTILE = "\x1b[31mred\r\n::error::x\u202e\u200b\x07<script>alert(1)</script>|`](x)@a&\"'\udcff%{0}]]>\ufffe"
