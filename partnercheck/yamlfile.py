"""The only YAML reader: strict, with the place of everything.

What general YAML loaders accept is too much for a file that strangers write: aliases that explode, tags that build
objects, `no` read as false, `1.10` as 1.1, a key given twice. Here a file is one document of mappings, lists and texts.
**Every scalar is text**; what it means is for the reader's model to say. The tree is built from the parser's event
stream with a stack of our own, so that depth is bounded before anything could overflow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from partnercheck.errors import PartnercheckError, RubricError
from partnercheck.files import read_bytes
from partnercheck.problems import Place, Problem, in_order, problem

SIZE_LIMIT = 1024 * 1024
DEPTH_LIMIT = 12
FAULT_LIMIT = 1000
_SOURCE_WIDTH = 200
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # what YAML takes for the end of a line
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udfff]")

# The parser's words, and how we would say it to somebody who has never read the YAML specification.
_REASONS = {
    "mapping values are not allowed in this context": "a colon here is read as the end of a key; put a text with a colon in quotes",
    "block sequence entries are not allowed in this context": "a list begins on the line below its key",
    "found unknown escape character": "a backslash in double quotes has a meaning of its own; use single quotes",
    "found unexpected end of stream": "a quote is opened here and never closed",
    "did not find expected key": "this line does not fit the lines above it; look at its indentation and at quotes inside the text",
    "did not find expected '-' indicator": "this line does not fit the list above it; look at its indentation",
    "did not find expected ',' or '}'": "a comma or the closing } is missing before this",
    "did not find expected ',' or ']'": "a comma or the closing ] is missing before this",
    "did not find expected <document start>": "nothing may follow the end of the document",
    "could not find expected ':'": "the colon after a key is missing, or the blank after the colon",
    "found a tab character that violates indentation": "a tab stands in the indentation; use blanks",
}
_COMMENT = re.compile(r"[ \t]+#")
_TAB_REASON = "a tab is used for indentation; use blanks"
_SIGN_REASON = "a text may not begin with this sign; put it in quotes"

Key = str | int
Path_ = tuple[Key, ...]
Mark = tuple[int, int]


@dataclass
class Document:
    """A file read: `data` of dict, list and str; where every value and every key stands (line and position from 1)."""

    file: str
    lines: list[str]
    data: Any = None
    values: dict[Path_, Mark] = field(default_factory=dict)
    keys: dict[Path_, Mark] = field(default_factory=dict)
    cut: dict[Path_, Mark] = field(default_factory=dict)  # unquoted texts that a "#" on their line cut short, and where

    def place(self, path: Path_, *, key: bool = False) -> Place:
        """Where the value (or, with `key`, the key) at `path` stands; the nearest enclosing one if it is missing."""
        marks = (self.keys, self.values) if key else (self.values, self.keys)
        here = path
        while True:
            for table in marks:
                if here in table:
                    line, position = table[here]
                    return self.at(line, position)
            if not here:
                return self.at(1, 1)
            here = here[:-1]

    def at(self, line: int, position: int) -> Place:
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Place(file=self.file, line=line, position=position, source=source[:_SOURCE_WIDTH])

    def line(self, path: Path_) -> int:
        return self.place(path, key=True).line or 1


def read_file(path: Path, error: type[PartnercheckError] = RubricError) -> tuple[Document, list[Problem]]:
    """Read a YAML file; raises `error` only where it is no readable file at all."""
    return read(read_bytes(path, limit=SIZE_LIMIT, error=error), str(path))


def read(source: bytes, file: str) -> tuple[Document, list[Problem]]:
    """Read a document from bytes. `data` is None where the file could not be understood; problems are in order."""
    if len(source) > SIZE_LIMIT:
        return Document(file, []), [problem("Y001", Place(file=file), size=f"{len(source):,}", limit=f"{SIZE_LIMIT:,}")]
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = source.count(b"\n", 0, fault.start) + 1
        return Document(file, []), [problem("Y002", Place(file=file, line=line), byte=fault.start + 1)]
    document = Document(file, _LINE_END.split(text))
    found = list(islice(_forbidden(document), FAULT_LIMIT))
    if found:
        return document, found
    builder = _Builder(document)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as fault:
        builder.problems.append(_unreadable(document, fault))
        builder.broken = True
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        builder.problems.append(
            problem("Y004", Place(file=file), reason=str(fault).splitlines()[0] if str(fault) else type(fault).__name__)
        )
        builder.broken = True
    if not builder.broken and not builder.has_root:
        builder.problems.append(problem("Y009", Place(file=file, line=1)))
    document.data = None if builder.broken or not builder.has_root else builder.root
    return document, in_order(builder.problems)


def _forbidden(document: Document) -> Iterator[Problem]:
    for number, line in enumerate(document.lines, 1):
        for match in _FORBIDDEN.finditer(line):
            yield problem("Y003", document.at(number, match.start() + 1), char=match.group())


def _unreadable(document: Document, fault: yaml.MarkedYAMLError) -> Problem:
    """A fault of the parser, in plain words where we have them, at the place where a person would look."""
    said = fault.problem or ""
    mark = fault.problem_mark or fault.context_mark
    if said == "found unexpected end of stream" and fault.context_mark:
        mark = fault.context_mark  # where the quote was opened, not where the file ends
    where = Place(file=document.file) if mark is None else document.at(mark.line + 1, mark.column + 1)
    reason = _REASONS.get(said) or " ".join(part for part in (fault.context, said) if part)
    if said.startswith("found character") and mark is not None:
        here = document.lines[mark.line][mark.column : mark.column + 1] if mark.line < len(document.lines) else ""
        reason = _TAB_REASON if here == "\t" else _SIGN_REASON
    return problem("Y004", where, reason=reason)


@dataclass
class _Open:
    """A mapping or list that is still being read."""

    node: dict[str, Any] | list[Any]
    path: Path_
    key: str | None = None
    expects_key: bool = True


class _Builder:
    """Turns parser events into plain data, noting the place of everything and every fault."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.root: Any = None
        self.has_root = False
        self.broken = False
        self.documents = 0

    def take(self, event: yaml.Event) -> bool:
        """Take in one event; False when reading on makes no sense."""
        start = event.start_mark
        mark = (start.line + 1, start.column + 1) if start is not None else (1, 1)
        where = self.document.at(*mark)
        if len(self.problems) >= FAULT_LIMIT:
            return self._stop("Y013", where, limit=f"{FAULT_LIMIT:,}")
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.problems.append(problem("Y008", where))
                return False
        elif isinstance(event, yaml.AliasEvent):
            return self._stop("Y006", where)
        elif isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if event.anchor is not None:
                return self._stop("Y006", where)
            if event.tag is not None:
                self.problems.append(problem("Y007", where, tag=event.tag))
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event, mark, where)
            else:
                return self._open({} if isinstance(event, yaml.MappingStartEvent) else [], mark, where)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
        return True

    def _stop(self, code: str, where: Place, **words: str) -> bool:
        self.problems.append(problem(code, where, **words))
        self.broken = True
        return False

    def _open(self, node: dict[str, Any] | list[Any], mark: Mark, where: Place) -> bool:
        if len(self.stack) >= DEPTH_LIMIT:
            return self._stop("Y005", where, limit=str(DEPTH_LIMIT))
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.node, dict) and top.expects_key:
            return self._stop("Y011", where)
        self.stack.append(_Open(node, self._attach(node, mark)))
        return True

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark, where: Place) -> None:
        value: str = event.value
        if hidden := _FORBIDDEN.search(value):  # written as an escape, such as "\e", inside double quotes
            self.problems.append(problem("Y003", where, char=hidden.group()))
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.node, dict) and top.expects_key:
            path = (*top.path, value)
            if value in top.node:
                self.problems.append(problem("Y010", where, key=value, first=self.document.keys[path][0]))
            else:
                self.document.keys[path] = mark
            top.key, top.expects_key = value, False
        else:
            path = self._attach(value, mark)
            self._note_comment(event, path)

    def _note_comment(self, event: yaml.ScalarEvent, path: Path_) -> None:
        """Note where a comment begins right behind an unquoted text: its writer may have meant it as part of the text."""
        end = event.end_mark
        if event.style or end is None or end.line >= len(self.document.lines):
            return
        if comment := _COMMENT.match(self.document.lines[end.line], end.column):
            self.document.cut[path] = (end.line + 1, comment.end())

    def _attach(self, value: Any, mark: Mark) -> Path_:
        if not self.stack:
            self.root, self.has_root = value, True
            self.document.values[()] = mark
            return ()
        top = self.stack[-1]
        if isinstance(top.node, list):
            path: Path_ = (*top.path, len(top.node))
            top.node.append(value)
        else:
            key = top.key or ""
            path = (*top.path, key)
            if key not in top.node:  # of a key given twice the first stands; the second is a problem already
                top.node[key] = value
            top.expects_key = True
        self.document.values.setdefault(path, mark)
        return path
