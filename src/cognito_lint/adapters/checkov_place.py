"""Where Checkov stands when it calls a check: the file, the root module and the scan that the pool belongs to.

A check is told only a path relative to a folder that it is not told. The runners that call it hold the rest in local
variables of the same names since Checkov 3.0, and there is no other way to them; a test runs the oldest and the newest
supported release. Where a later one renames them, the place is lost and Checkov's own rendering is all that is left:
a guess could be another file's pool of the same name.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from cognito_lint.adapters.evaluation import Language
from cognito_lint.adapters.places import Place

_WANTED = ("full_file_path", "file_abs_path", "sls_file", "root_folder", "files", "runner_filter")


class LostError(Exception):
    """A release of Checkov holds what is asked for under other names. The message says what was not found."""


def place(scanned_file: str, conf: Any, name: str, entity_type: str) -> Place:
    """The place of the pool that Checkov has called a check about. Raises LostError where its runner does not tell."""
    caller = _callers_variables()
    file, modules = _file(scanned_file, caller)
    folder, files = caller.get("root_folder"), caller.get("files")
    # files that were named have a folder too: what is common to their paths
    scanned = tuple(str(path) for path in files) if files else (str(folder or os.path.dirname(file)),)
    lines = _lines(conf)
    if entity_type.startswith("AWS::"):
        return Place("cloudformation", file, name, scanned, lines=lines)
    runner_filter: Any = caller.get("runner_filter")
    if not hasattr(runner_filter, "var_files"):
        raise LostError("the variable files that the scan was given")
    address = conf.get("__address__")
    if not isinstance(address, str):
        address = f"{entity_type}.{name}"
    is_plan = file.endswith(".json") and not file.endswith(".tf.json")
    if address.startswith("module.") and modules is None and not is_plan:
        raise LostError("the calls that lead to a module")
    root = None if is_plan else os.path.dirname(_outermost(modules) or file)
    return Place("terraform", file, address, scanned, root, tuple(runner_filter.var_files or ()), lines)


def nowhere(conf: Any, name: str, entity_type: str) -> Place:
    """The place of a pool of which nothing but Checkov's own rendering is at hand."""
    language: Language = "cloudformation" if entity_type.startswith("AWS::") else "terraform"
    return Place(language, "", name, (), lines=_lines(conf))


def _lines(conf: Any) -> tuple[int, int] | None:
    start, end = conf.get("__start_line__"), conf.get("__end_line__")
    return (start, end) if isinstance(start, int) and isinstance(end, int) else None


def _callers_variables() -> dict[str, Any]:
    """The variables of the runners' frames, the innermost first: to ask a frame for them copies all that it holds."""
    found: dict[str, Any] = {}
    frame = sys._getframe(1)  # noqa: SLF001
    current: Any = frame
    while current is not None:
        module = str(current.f_globals.get("__name__", ""))
        if module.startswith("checkov.") and "runner" in module:
            variables = current.f_locals
            for wanted in _WANTED:
                if variables.get(wanted) is not None:
                    found.setdefault(wanted, variables[wanted])
        current = current.f_back
    return found


def _file(scanned_file: str, caller: dict[str, Any]) -> tuple[str, Any]:
    """The pool's file, and the chain of modules that Checkov came to it by. It must have the name that Checkov says."""
    key: Any = caller.get("full_file_path")
    candidates = (getattr(key, "file_path", key), caller.get("file_abs_path"), caller.get("sls_file"))
    found = next((os.path.abspath(str(known)) for known in candidates if known), None)
    if found is None or os.path.basename(found) != os.path.basename(scanned_file):
        raise LostError("the path of the scanned file")
    return found, getattr(key, "tf_source_modules", None)


def _outermost(module: Any) -> str | None:
    """The file of the root module whose call leads, through other modules, to the pool."""
    path = None
    while module is not None:
        try:
            path, module = module.path, module.nested_tf_module
        except AttributeError as error:
            raise LostError("the calls that lead to a module") from error
    return path
