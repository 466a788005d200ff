"""The Serverless Framework: pools that events create, and parts that are not at hand."""

import pytest
from cloudformation_projects import judge, verdicts

from command_runs import write

HEAD = "service: x\nprovider: {name: aws}\n"
EVENT = """functions:
  hello:
    handler: a.b
    events:
      - cognitoUserPool: {pool: my-pool 1, trigger: PreSignUp}
      - cognitoUserPool: {pool: my-pool 1, trigger: DefineAuthChallenge}
      - cognitoUserPool: {pool: Other, trigger: PreSignUp, existing: true}
"""
ADD_ONS = "CognitoUserPoolMypool1: {Properties: {UserPoolAddOns: {AdvancedSecurityMode: %s}}}"


def judged(directory, text, files=()):
    write(directory, {"serverless.yml": text, **dict(files)})
    return judge(directory)


def test_an_event_creates_a_pool_without_protection(tmp_path):
    """Unless it speaks of an existing one; the pool stands where the first event does."""
    report = judged(tmp_path, HEAD + EVENT)
    assert {"CognitoUserPoolMypool1": "not-enforced"} == verdicts(report)
    pool = report.pools[0].pool
    assert ("serverless.yml", 7, 9) == (pool.span.file, pool.span.line, pool.span.column)
    assert True is pool.custom_auth_triggers.content


@pytest.mark.parametrize("mode", ["ENFORCED", "AUDIT"])
@pytest.mark.parametrize("section", ["Resources", "extensions"])
def test_resources_may_protect_the_pool_of_an_event(tmp_path, section, mode):
    """By its logical id, in either of the two ways that the Framework has."""
    report = judged(tmp_path, f"{HEAD}{EVENT}resources:\n  {section}:\n    {ADD_ONS % mode}\n")
    expected = "enforced" if mode == "ENFORCED" else "not-enforced"
    assert {"CognitoUserPoolMypool1": expected} == verdicts(report)


POOL = "Resources: {P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: %s}}}}"
EXTENSION = "extensions: {P: {Properties: {UserPoolAddOns: {%s}}}}"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("ENFORCED", "AdvancedSecurityAdditionalFlows: {CustomAuthMode: ENFORCED}"), "not-enforced"),
        (("AUDIT", "AdvancedSecurityMode: ENFORCED"), "enforced"),
        (("ENFORCED", "AdvancedSecurityMode: '${env:MODE}'"), "unproven"),
    ],
)
@pytest.mark.parametrize("first", [0, 1])
def test_extensions_stand_for_whole_properties(tmp_path, parts, expected, first):
    """They are applied at the end, whatever the order of the parts, and are not merged into a property."""
    written = [POOL % parts[0], EXTENSION % parts[1]]
    text = f"{HEAD}resources:\n- {written[first]}\n- {written[1 - first]}\n"
    assert {"P": expected} == verdicts(judged(tmp_path, text))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("'${env:E}'", "enforced"),
        ("Resources: '${env:E}'", "enforced"),
        ("Resources: {Q: '${env:E}'}", "enforced"),
        ("Resources: {P: '${env:E}'}", "unproven"),
        ("Resources: {P: {Properties: '${env:E}'}}", "unproven"),
    ],
)
def test_a_part_that_is_not_at_hand_takes_no_pool_away(tmp_path, part, expected):
    """What it may declare besides is said; what it names may be changed in any way."""
    text = f"{HEAD}resources:\n- {POOL % 'ENFORCED'}\n- {part}\n"
    report = judged(tmp_path, text)
    assert {"P": expected} == verdicts(report)
    assert ("Properties" in part) != any(finding.rule == "COG901" for finding in report.findings)


@pytest.mark.parametrize("extensions", ["'${env:E}'", "{P: '${env:E}'}", "{P: {Properties: '${env:E}'}}"])
def test_extensions_that_are_not_known_may_change_a_pool(tmp_path, extensions):
    """Nothing in the files says what they set."""
    text = f"{HEAD}resources:\n  {POOL % 'ENFORCED'}\n  extensions: {extensions}\n"
    assert {"P": "unproven"} == verdicts(judged(tmp_path, text))


@pytest.mark.parametrize("event", ["pool: '${env:P}', trigger: PreSignUp", "pool: P, existing: '${env:E}'"])
def test_an_event_whose_pool_is_not_known_is_unproven(tmp_path, event):
    """Whether it creates one, and what resources add to it, is not in the files."""
    text = f"{HEAD}functions:\n  f: {{handler: a.b, events: [{{cognitoUserPool: {{{event}}}}}]}}\n"
    assert ["unproven"] == list(verdicts(judged(tmp_path, text)).values())


@pytest.mark.parametrize(
    "resources",
    [
        "${file(pools.js)}",
        "[{Resources: {B: {Type: AWS::S3::Bucket}}}, '${file(missing.yml)}']",
        "{Resources: '${file(pools.js)}'}",
        "{Resources: {B: {Type: AWS::S3::Bucket}, P: '${file(pools.js):pool}'}}",
        "{Resources: {B: {Type: AWS::S3::Bucket}, P: {Type: '${env:TYPE}'}}, a: AWS::Cognito::UserPool}",
    ],
)
def test_a_part_that_is_not_at_hand_is_said(tmp_path, resources):
    """It may hold pools: never silent."""
    report = judged(tmp_path, f"{HEAD}resources: {resources}\n", {"pools.js": "module.exports = {}"})
    assert [("COG901", "serverless.yml", 3)] == [(f.rule, f.span.file, f.span.line) for f in report.findings]
    assert "not at hand" in report.findings[0].message


PARAMETER = """resources:
  Parameters: {Mode: {Type: String, Default: %s}}
  Resources:
    P: {Type: AWS::Cognito::UserPool, Properties: {UserPoolAddOns: {AdvancedSecurityMode: !Ref Mode}}}
"""


@pytest.mark.parametrize(
    ("default", "given", "expected"),
    [
        ("ENFORCED", "ParameterValue: AUDIT", "not-enforced"),
        ("AUDIT", "ParameterValue: '${self:custom.mode}'", "enforced"),
        ("ENFORCED", "ParameterValue: '${env:MODE}'", "unproven"),
        ("ENFORCED", "UsePreviousValue: true", "unproven"),
        ("ENFORCED", "ParameterValue: !Ref Mode", "unproven"),
    ],
)
def test_the_framework_gives_parameters_of_the_template(tmp_path, default, given, expected):
    """`provider.stackParameters` counts, not the default."""
    stack = f"stackParameters: [{{ParameterKey: Mode, {given}}}]"
    head = f"service: x\nprovider: {{name: aws, {stack}}}\ncustom: {{mode: ENFORCED}}\n"
    assert {"P": expected} == verdicts(judged(tmp_path, head + PARAMETER % default))


def test_parameters_of_a_stage_are_read_where_version_4_keeps_them(tmp_path):
    """`stages.<stage>.params` counts before `params.<stage>`, and both before those of `default`."""
    head = HEAD + "params: {default: {mode: X}, dev: {mode: X, other: ENFORCED}}\nstages:\n"
    head += "  dev: {params: {mode: ENFORCED}}\n  default: {params: {mode: X, other: X}}\nresources:\n"
    for name in ("mode", "other"):
        text = f"{head}  {POOL}\n" % f"'${{param:{name}}}'"
        assert {"P": "enforced"} == verdicts(judged(tmp_path, text))


def test_a_part_that_cannot_be_read_is_a_problem(tmp_path):
    """A broken file of resources hides its pools."""
    report = judged(
        tmp_path, HEAD + "resources: ${file(pools.yml)}\n", {"pools.yml": "Resources: [AWS::Cognito::UserPool\n"}
    )
    assert ["COG900"] == [finding.rule for finding in report.findings]


def test_a_service_without_pools_is_silent(tmp_path):
    """Functions with other events are none of our business."""
    text = HEAD + "functions: {f: {handler: a.b, events: [{sqs: cognitoUserPool}]}}\n"
    report = judged(tmp_path, text + "resources: {Resources: {B: {Type: AWS::S3::Bucket}}}\n")
    assert ((), ()) == (report.pools, report.findings)


@pytest.mark.parametrize(
    ("settings", "files", "expected"),
    [
        ("useDotenv: true", {".env": "MODE=AUDIT\n"}, "not-enforced"),
        ("useDotenv: true", {".env": "export MODE='ENFORCED' # always\n"}, "enforced"),
        ("useDotenv: true", {".env": "OTHER=AUDIT\n"}, "enforced"),
        ("useDotenv: true", {".env": "MODE=$OTHER\n"}, "unproven"),
        ("useDotenv: true", {".env": "MODE=ENFORCED\n", ".env.dev": "MODE=AUDIT\n"}, "unproven"),
        (
            "useDotenv: true\nframeworkVersion: '3'",
            {".env": "MODE=ENFORCED\n", ".env.dev": "MODE=OFF\n"},
            "not-enforced",
        ),
        ("useDotenv: true", {".env.prod": "MODE=AUDIT\n"}, "enforced"),
        ("x: y", {".env": "MODE=AUDIT\n"}, "unproven"),
        ("frameworkVersion: ^3.38.0", {".env": "MODE=AUDIT\n"}, "enforced"),
        ("frameworkVersion: '4'", {".env": "MODE=AUDIT\n"}, "not-enforced"),
    ],
)
def test_environment_variables_of_dotenv_files_count(tmp_path, settings, files, expected):
    """The file of the stage stands for the general one up to release 3, and release 4 reads them without being told."""
    service = (
        HEAD.replace("aws}", "aws, stage: \"${opt:stage, env:STAGE, 'dev'}\"}")
        + settings
        + """
resources:
  Resources:
    P:
      Type: AWS::Cognito::UserPool
      Properties: {UserPoolAddOns: {AdvancedSecurityMode: "${env:MODE, 'ENFORCED'}"}}
"""
    )
    assert {"P": expected} == verdicts(judged(tmp_path, service, files))
