"""Makes the package importable for the rules beside this file. cfn-lint takes no file with an underscore for a rule."""

import importlib.util
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_CHECKOUT = _HERE.parent / "src"
_INSTALLED = _HERE.parent.parent.parent  # of cognito_lint/adapters/cfn_rules, in whatever environment it lies

if str(_CHECKOUT) in sys.path:
    pass  # a rule before this one has put it there
elif (_CHECKOUT / "cognito_lint").is_dir():
    sys.path.insert(0, str(_CHECKOUT))
elif (_INSTALLED / "cognito_lint" / "adapters").is_dir() and importlib.util.find_spec("cognito_lint") is None:
    sys.path.append(str(_INSTALLED))

if importlib.util.find_spec("cognito_lint") is None:
    raise ImportError(
        f"the rules in {_HERE} need the package cognito-lint, which is neither beside them nor installed for "
        f"{sys.executable}: use the folder inside a checkout, or run `{sys.executable} -m pip install cognito-lint`"
    )
