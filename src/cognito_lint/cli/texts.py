"""What `--help` says beside the options: descriptions, exit codes, examples. `docs/command.md` is made of it too."""

DESCRIPTION = """\
Flags every Cognito user pool in CloudFormation and Terraform code whose
threat protection is not sure to be ENFORCED when the code is deployed.
Values are evaluated as CloudFormation and Terraform would: parameters,
conditions, variables, dynamic blocks, modules."""

EPILOG = """\
start with:
  cognito-lint check          # everything below the working directory
  cognito-lint check --help   # what can be set
  cognito-lint explain        # what is found, why it matters, how to fix it"""

CHECK = """\
Checks every Cognito user pool that the files below the paths declare. The
report goes to stdout; the summary, and whatever was left out, to stderr."""

CHECK_EPILOG = """\
kinds of input:
  CloudFormation, SAM and CDK templates (YAML, JSON), Serverless Framework
  files, Terraform and OpenTofu modules (.tf, .tofu and their JSON forms,
  tfvars), Terraform plans and states as JSON (terraform show -json), and the
  JSON of aws cognito-idp describe-user-pool.
  Nothing is executed, no network is used.

exit codes:
  0  nothing at or above the fail level
  1  findings
  2  wrong usage, or an input could not be read (the rest is still reported)
  3  no such path
  The highest that applies. --fail-on moves 1 and nothing else. Ctrl-C is 130,
  and leaves no file half-written.

environment:
  TF_VAR_name  the value of a Terraform variable; not with --isolated
  NO_COLOR     no colour, if --color does not say otherwise
  FORCE_COLOR  colour where stdout is no terminal, likewise

examples:
  cognito-lint check
  cognito-lint check infra --var-file infra/prod.tfvars
  cognito-lint check template.yaml --parameter Mode=ENFORCED
  cognito-lint check --format text --format sarif=cognito.sarif
  terraform show -json plan.tfplan | cognito-lint check -
"""


EXPLAIN = """\
Prints the page of a rule: what it finds, why it matters, how to fix it in
CloudFormation, Terraform, the CDK, the console and with the AWS CLI, what other
tools call it, and how to suppress it."""

RULES = """\
Lists the rules: the id, the name, the levels that a finding can have, and what
it says."""

ADAPTER_PATH = """\
Prints the folder that cfn-lint takes with --append-rules, or Checkov with
--external-checks-dir."""

ADAPTER_PATH_EPILOG = """\
examples:
  cfn-lint --append-rules "$(cognito-lint adapter-path cfn-lint)" -- template.yaml
  checkov --external-checks-dir "$(cognito-lint adapter-path checkov)" -d infra
"""

DOCTOR = """\
Runs the cfn-lint and the Checkov that it finds on samples with unprotected user
pools, and says whether our rules really loaded: both can skip them without a
word."""

DOCTOR_EPILOG = """\
exit codes:
  0  every host that was tried reports what it should
  1  one does not; what to do is said
  2  wrong usage
"""

COMPLETION = """\
Prints a script with which the shell completes commands, options and values."""

COMPLETION_EPILOG = """\
examples:
  eval "$(cognito-lint completion bash)"   # in ~/.bashrc
  eval "$(cognito-lint completion zsh)"    # in ~/.zshrc, after compinit
  cognito-lint completion fish | source    # in ~/.config/fish/config.fish
"""
