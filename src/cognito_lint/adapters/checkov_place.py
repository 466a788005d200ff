"""Where Checkov stands when it calls a check: the file, the root module and the scan that the pool belongs to.

A check is told only a path relative to a folder that it is not told. The runners that call it hold the rest in local
variables of the same names since Checkov 3.0, and there is no other way to them; a test runs the oldest and the newest
supported release.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from cognito_lint.adapters.answers import Place

_WANTED = ("full_file_path", "file_abs_path", "sls_file", "root_folder", "files", "runner_filter")


def place(scanned_file: str, conf: Any, name: str, entity_type: str) -> Place:
    """The place of the pool that Checkov has called a check about."""
    caller = _callers_variables()
    file, modules = _file(scanned_file, caller)
    folder, files = caller.get("root_folder"), caller.get("files")
    scanned = tuple(str(path) for path in files) if files and not folder else (str(folder or os.path.dirname(file)),)
    start, end = conf.get("__start_line__"), conf.get("__end_line__")
    lines = (start, end) if isinstance(start, int) and isinstance(end, int) else None
    variable_files = tuple(getattr(caller.get("runner_filter"), "var_files", None) or ())
    if entity_type.startswith("AWS::"):
        return Place("cloudformation", file, name, scanned, lines=lines)
    address = conf.get("__address__")
    if not isinstance(address, str):
        address = f"{entity_type}.{name}"
    is_plan = file.endswith(".json") and not file.endswith(".tf.json")
    root = None if is_plan else os.path.dirname(_outermost(modules) or file)
    return Place("terraform", file, address, scanned, root, variable_files, lines)


def _callers_variables() -> dict[str, Any]:
    """The variables of the runner's frames, the innermost first. Only Checkov's own frames are looked at."""
    found: dict[str, Any] = {}
    frame = sys._getframe(1)  # noqa: SLF001
    current: Any = frame
    while current is not None:
        if str(current.f_globals.get("__name__", "")).startswith("checkov."):
            variables = current.f_locals
            for wanted in _WANTED:
                if variables.get(wanted) is not None:
                    found.setdefault(wanted, variables[wanted])
        current = current.f_back
    return found


def _file(scanned_file: str, caller: dict[str, Any]) -> tuple[str, Any]:
    """The pool's file, and the chain of modules that Checkov came to it by."""
    key: Any = caller.get("full_file_path")
    if hasattr(key, "file_path"):
        return str(key.file_path), key.tf_source_modules
    for known in (key, caller.get("file_abs_path"), caller.get("sls_file")):
        if known:
            return os.path.abspath(str(known)), None
    return os.path.abspath(os.path.join(str(caller.get("root_folder") or "."), scanned_file.lstrip("/"))), None


def _outermost(module: Any) -> str | None:
    """The file of the root module whose call leads, through other modules, to the pool."""
    path = None
    while module is not None:
        path = module.path
        module = module.nested_tf_module
    return path
