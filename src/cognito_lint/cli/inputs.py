"""What the command line and the environment say about a deployment, as Inputs."""

from __future__ import annotations

from cognito_lint.cli.options import Options
from cognito_lint.cli.shell import Shell, UsageError
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.inputs import Inputs, Variable, VariableFile


def inputs_of(options: Options, shell: Shell, repository: Repository) -> Inputs:
    """The inputs. Raises UsageError for a file that is not there or holds no parameters."""
    variables: list[Variable | VariableFile] = []
    for given in options.variables:
        if isinstance(given, Variable):
            variables.append(given)
            continue
        shown = repository.shown(given.path)
        if not repository.is_file(shown):
            raise UsageError(f"--var-file: there is no file {given.path}")
        variables.append(VariableFile(shown))
    environment = {
        name.removeprefix("TF_VAR_"): text
        for name, text in shell.environment.items()
        if name.startswith("TF_VAR_") and not options.isolated
    }
    return Inputs(
        parameters=_parameters(options, repository),
        variables=tuple(variables),
        environment=environment,
        strict=options.strict,
        hcl_reader=options.hcl_reader,
    )


def _parameters(options: Options, repository: Repository) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    if options.parameter_files:
        from cognito_lint import parameters
    for path in options.parameter_files:
        shown = repository.shown(path)
        try:
            found.update(parameters.read(repository.text(shown), shown))
        except (UnreadableError, parameters.ParameterFileError) as error:
            raise UsageError(f"--parameters: {error.placed}") from error
    return found | dict(options.parameters)
