"""The files of one directory merged into one module, for Terraform or for OpenTofu (between reading and resolving).

https://developer.hashicorp.com/terraform/language/files and …/files/override;
https://opentofu.org/docs/language/files/#opentofu-files
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

from cognito_lint.files import Repository, UnreadableError
from cognito_lint.inputs import HclReader
from cognito_lint.model import Problem, Span
from cognito_lint.terraform import overrides
from cognito_lint.terraform.reader import read_file
from cognito_lint.terraform.syntax import Attribute, Block, Body, File, blocks_of

Engine: TypeAlias = Literal["terraform", "opentofu"]
_TERRAFORM_SUFFIXES = (".tf.json", ".tf")
_TOFU_SUFFIXES = {".tofu.json": ".tf.json", ".tofu": ".tf"}
_LABELS = {"variable": 1, "output": 1, "module": 1, "resource": 2, "data": 2, "ephemeral": 2, "locals": 0}
_KINDS = {
    "variable": "variable",
    "output": "output",
    "module": "module call",
    "resource": "resource",
    "data": "data resource",
    "ephemeral": "ephemeral resource",
}


@dataclass(frozen=True)
class Declaration:
    """A block and the overrides of it, in their order. `rivals` are further blocks of the same name, which Terraform
    refuses."""

    block: Block
    overrides: tuple[Block, ...] = ()
    rivals: tuple[Block, ...] = ()

    @cached_property
    def layers(self) -> tuple[Body, ...]:
        """The bodies, the one that has the last word last."""
        return (self.block.body, *(block.body for block in self.overrides))

    def attribute(self, name: str) -> Attribute | None:
        """The argument, from the last layer that sets it."""
        return attribute_of(self.layers, name)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong inside its own braces."""
        return tuple(problem for body in self.layers for problem in body.problems)


def attribute_of(layers: Iterable[Body], name: str) -> Attribute | None:
    """The argument of a merged body, from the last layer that sets it."""
    found = None
    for body in layers:
        found = body.attributes.get(name, found)
    return found


def nested_blocks(layers: Iterable[Body], block_type: str) -> tuple[Block, ...]:
    """The nested blocks of one type, static and dynamic ones in their order: those of the last layer that has any."""
    found: tuple[Block, ...] = ()
    for body in layers:
        static = blocks_of(body, block_type)
        dynamic = tuple(block for block in blocks_of(body, "dynamic", 1) if block.labels == (block_type,))
        if static or dynamic:
            found = tuple(sorted((*static, *dynamic), key=lambda block: block.span))
    return found


@dataclass(frozen=True, slots=True)
class Configuration:
    """One module. `resources` and `data` are by type and name, everything else by name."""

    directory: str
    files: tuple[File, ...] = ()
    variables: Mapping[str, Declaration] = field(default_factory=dict)
    locals: Mapping[str, Attribute] = field(default_factory=dict)
    outputs: Mapping[str, Declaration] = field(default_factory=dict)
    calls: Mapping[str, Declaration] = field(default_factory=dict)
    resources: Mapping[tuple[str, str], Declaration] = field(default_factory=dict)
    data: Mapping[tuple[str, str], Declaration] = field(default_factory=dict)
    ephemeral: Mapping[tuple[str, str], Declaration] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def of_type(self, resource_type: str) -> list[tuple[str, Declaration]]:
        """Name and declaration of every resource of a type."""
        return [(name, found) for (kind, name), found in self.resources.items() if kind == resource_type]


def file_names(names: Iterable[str], engine: Engine) -> tuple[list[str], list[str]]:
    """The names in a directory that make up a module for one engine: its files, and its override files."""
    kept: dict[str, str] = {}
    for name in names:
        if name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#")):
            continue
        suffix = _suffix(name, (*_TERRAFORM_SUFFIXES, *_TOFU_SUFFIXES))
        if suffix in _TERRAFORM_SUFFIXES:
            kept.setdefault(name, name)
        elif suffix and engine == "opentofu":
            kept[name.removesuffix(suffix) + _TOFU_SUFFIXES[suffix]] = name
    primary: list[str] = []
    overriding: list[str] = []
    for key, name in sorted(kept.items()):
        stem = key.removesuffix(_suffix(key, _TERRAFORM_SUFFIXES))
        (overriding if stem == "override" or stem.endswith("_override") else primary).append(name)
    return primary, overriding


def is_configuration(name: str) -> bool:
    """Whether a file belongs to a module by its name."""
    return name.endswith((*_TERRAFORM_SUFFIXES, *_TOFU_SUFFIXES))


def has_tofu_files(names: Iterable[str]) -> bool:
    """Whether a directory holds files that OpenTofu alone reads."""
    return any(name.endswith(tuple(_TOFU_SUFFIXES)) for name in names)


def _suffix(name: str, suffixes: Iterable[str]) -> str:
    return next((suffix for suffix in suffixes if name.endswith(suffix)), "")


class Library:
    """Reads and merges each directory once for each engine."""

    def __init__(self, repository: Repository, reader: HclReader) -> None:
        self.repository = repository
        self._reader = reader
        self._files: dict[str, File | Problem] = {}
        self._modules: dict[tuple[str, Engine], Configuration] = {}

    def __reduce__(self) -> tuple[type[Library], tuple[Repository, HclReader]]:
        """What another process is given: nothing read yet."""
        return Library, (self.repository, self._reader)

    def module(self, directory: str, engine: Engine = "terraform") -> Configuration:
        """The merged module of a directory; an empty one where there is nothing to read."""
        key = (directory, engine)
        if key not in self._modules:
            names = [name for name in self.repository.entries(directory) if self._is_read(directory, name)]
            if engine == "opentofu" and not has_tofu_files(names):
                self._modules[key] = self.module(directory)
            else:
                self._modules[key] = self._merge(directory, *file_names(names, engine))
        return self._modules[key]

    def _is_read(self, directory: str, name: str) -> bool:
        """Whether the name says configuration and is no directory's."""
        return is_configuration(name) and not self.repository.is_directory(self.repository.join(directory, name))

    def file(self, path: str) -> File | Problem:
        """One file's tree, or why there is none."""
        if path not in self._files:
            try:
                self._files[path] = read_file(path, self.repository, self._reader)
            except UnreadableError as error:
                self._files[path] = Problem(error.span, error.message)
        return self._files[path]

    def _merge(self, directory: str, primary: list[str], overriding: list[str]) -> Configuration:
        merger = _Merger()
        unlisted = self.repository.unlisted(directory)
        if unlisted is not None:
            merger.problems.append(Problem(Span(directory), unlisted))
        files: list[File] = []
        for names, add in ((primary, merger.add), (overriding, merger.override)):
            for name in names:
                path = self.repository.join(directory, name)
                found = self.file(path)
                if isinstance(found, Problem):
                    merger.problems.append(found)
                    found = File(path, Body({}, (), Span(path)), (found,))
                else:
                    merger.problems += found.problems
                    add(found.body)
                files.append(found)
        return Configuration(
            directory,
            tuple(files),
            {name: found for (name,), found in merger.blocks["variable"].items()},
            merger.locals,
            {name: found for (name,), found in merger.blocks["output"].items()},
            {name: found for (name,), found in merger.blocks["module"].items()},
            {(kind, name): found for (kind, name), found in merger.blocks["resource"].items()},
            {(kind, name): found for (kind, name), found in merger.blocks["data"].items()},
            {(kind, name): found for (kind, name), found in merger.blocks["ephemeral"].items()},
            tuple(merger.problems),
        )


class _Merger:
    """One module while its files are put together."""

    def __init__(self) -> None:
        self.blocks: dict[str, dict[tuple[str, ...], Declaration]] = {kind: {} for kind in _KINDS}
        self.locals: dict[str, Attribute] = {}
        self.problems: list[Problem] = []

    def add(self, body: Body) -> None:
        for block in self._blocks(body):
            if block.type == "locals":
                self.problems += block.body.problems
                for name, attribute in block.body.attributes.items():
                    if name in self.locals:
                        first = self.locals[name].span
                        message = f"the local value {name} is defined twice, first in {first.file} on line {first.line}"
                        self.problems.append(Problem(attribute.span, message, "keep one of them"))
                    self.locals[name] = attribute
                continue
            known = self.blocks[block.type]
            first_one = known.get(block.labels)
            if first_one is None:
                known[block.labels] = Declaration(block)
                continue
            place = first_one.block.span
            name = ".".join(block.labels)
            message = f"the {_KINDS[block.type]} {name} is declared twice, first in {place.file} on line {place.line}"
            self.problems.append(Problem(block.span, message, "keep one of them, or rename one"))
            known[block.labels] = replace(first_one, rivals=(*first_one.rivals, block))

    def override(self, body: Body) -> None:
        self.problems += overrides.misplaced(body)
        for block in self._blocks(body):
            if block.type == "locals":
                self._override_locals(block.body)
                continue
            self.problems += overrides.refusals(block)
            known = self.blocks[block.type]
            base = known.get(block.labels)
            if base is None:
                name = ".".join(block.labels)
                message = f"there is no {_KINDS[block.type]} {name} for this override file to override"
                self.problems.append(Problem(block.span, message, "declare it in a file that is no override file"))
                known[block.labels] = Declaration(block)
            else:
                known[block.labels] = replace(base, overrides=(*base.overrides, block))

    def _override_locals(self, body: Body) -> None:
        self.problems += body.problems
        for name, attribute in body.attributes.items():
            if name not in self.locals:
                message = f"there is no local value {name} for this override file to override"
                self.problems.append(Problem(attribute.span, message, "define it in a file that is no override file"))
            self.locals[name] = attribute

    def _blocks(self, body: Body) -> Iterable[Block]:
        if body.json:
            for kind, labels in _LABELS.items():
                for block in blocks_of(body, kind, labels):
                    if labels and not all(block.labels):  # what stands there is no object of names
                        self.problems += block.body.problems
                    else:
                        yield block
            return
        for block in body.blocks:
            if block.type not in _LABELS:
                continue
            labels = _LABELS[block.type]
            if labels == len(block.labels):
                yield block
            elif not any(problem.span == block.span for problem in self.problems):
                message = (
                    f"a {block.type} block has {labels} label{'s' if labels != 1 else ''}, this one {len(block.labels)}"
                )
                self.problems.append(Problem(block.span, message))
