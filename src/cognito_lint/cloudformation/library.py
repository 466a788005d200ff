"""The templates that a scan has met, read once each; and which calls which. Between "discover" and "resolve"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from cognito_lint.cloudformation import reader, serverless
from cognito_lint.cloudformation.includes import Includes
from cognito_lint.cloudformation.nodes import ListNode, MapNode, Node, mapping, text_of
from cognito_lint.cloudformation.source import Source
from cognito_lint.cloudformation.template import (
    APPLICATION,
    LOOP,
    MODULE,
    NESTED_STACK,
    STACK_SET,
    Template,
    is_template,
)
from cognito_lint.files import Repository, UnreadableError
from cognito_lint.model import Problem

_MOST_LOOPS = 1_000
_SOURCES = {NESTED_STACK: "TemplateURL", STACK_SET: "TemplateURL", APPLICATION: "Location"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a nested stack's template is said to be. `path` is set if that is a file beside the calling template."""

    text: str
    path: str | None = None


class Library:
    """Reads templates by path. What cannot be read is kept as a problem."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._known: dict[str, tuple[Template, ...]] = {}
        self.problems: dict[str, Problem] = {}

    def __reduce__(self) -> tuple[type[Library], tuple[Repository]]:
        """What another process is given: nothing read yet."""
        return Library, (self._repository,)

    def templates(self, path: str) -> tuple[Template, ...]:
        """The templates of a file, one for each document that is one."""
        if path not in self._known:
            self._known[path] = tuple(self._load(path))
        return self._known[path]

    def problem(self, path: str) -> Problem | None:
        """Why a file that is there has no templates; None where it has some, or is not there."""
        there = self._repository.is_file(path) or self._repository.is_directory(path)
        return self.problems.get(path) if there or not self._repository.within(path) else None

    def forget(self, path: str) -> None:
        """Let go of a file's templates: nobody asks for them again."""
        self._known.pop(path, None)

    def _load(self, path: str) -> Iterator[Template]:
        try:
            source, documents = reader.read(path, self._repository)
        except UnreadableError as error:
            self.problems[path] = Problem(error.span, error.message)
            return
        for document in documents:
            template = self._template(path, document, source)
            if template is not None:
                yield template

    def _template(self, path: str, document: Node, source: Source) -> Template | None:
        root = mapping(document)
        if root is None:
            return None
        files = {path}
        included = Includes(path, source.text, self._repository, files)
        root = included.put_into(root)
        if is_template(root):
            plain = calls_nothing(source.text) and not included.paths
            return Template(
                path,
                root,
                files,
                source.repetitions,
                calls_nothing=plain,
                speaks_to_us="cognito-lint" in source.text or bool(included.paths),
                may_read=included.paths,
            )
        return serverless.template(root, source, self._repository) if serverless.is_serverless(root) else None

    def calls(self, template: Template) -> Iterator[Target]:
        """Where the templates are that a template calls."""
        if template.calls_nothing:
            return
        for body in _bodies(template.section("Resources")):
            kind = text_of(body.get("Type"))
            if kind in _SOURCES:
                yield self.target(template, kind, body)

    def target(self, template: Template, kind: str, body: MapNode) -> Target:
        """Where the resource of a nested stack finds its template."""
        properties = mapping(body.get("Properties"))
        written = text_of(properties.get(_SOURCES[kind])) if properties else None
        metadata = mapping(body.get("Metadata"))
        asset = text_of(metadata.get("aws:asset:path")) if metadata else None
        if asset is not None and (written is None or "://" in written):
            written = asset  # CDK's assets: the file that is uploaded
        if written is None:
            return Target("an expression")
        if "://" in written or written.startswith("{{resolve:"):
            return Target(written)
        return Target(written, self._repository.join(PurePosixPath(template.path).parent.as_posix(), written))

    def reachable(self, template: Template) -> set[str]:
        """The paths of every template that a template calls, and those call, to any depth."""
        found = (template.files | template.may_read) - {template.path}
        waiting = [template]
        while waiting:
            for target in self.calls(waiting.pop()):
                if target.path is not None and target.path not in found:
                    found.add(target.path)
                    if self._repository.is_file(target.path):
                        waiting += self.templates(target.path)
        return found


def calls_nothing(text: str) -> bool:
    """Whether the text of a template names no kind of nested stack, nor could by an escape."""
    return "\\" not in text and not any(kind in text for kind in (*_SOURCES, MODULE))


def _bodies(section: MapNode | None) -> Iterator[MapNode]:
    """The resources of a section as they are written, those inside loops too."""
    waiting = [section]
    looked_at = 0
    while waiting and looked_at < _MOST_LOOPS:
        looked_at += 1
        for key, node in waiting.pop() or ():
            body = mapping(node)
            if body is not None:
                yield body
            elif key.startswith(LOOP) and isinstance(node, ListNode):
                waiting += (inner for item in node.items[2:] if (inner := mapping(item)) is not None)
