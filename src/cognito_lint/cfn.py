"""The cfn-lint rules of an installed package: `cfn-lint --append-rules cognito_lint.cfn`.

cfn-lint looks for rules among the members of the module that it is given, so each class of `cfn_rules/` becomes one.
"""

from __future__ import annotations

import importlib.util

from cognito_lint.adapters.folders import folder


def _rule_classes() -> dict[str, type]:
    found: dict[str, type] = {}
    for file in sorted(folder("cfn-lint").glob("[A-Za-z]*.py")):
        spec = importlib.util.spec_from_file_location(f"{__name__}.{file.stem}", file)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found.update(
            (name, member)
            for name, member in vars(module).items()
            if isinstance(member, type) and member.__module__ == module.__name__
        )
    return found


globals().update(_rule_classes())
