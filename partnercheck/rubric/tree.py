"""A rubric's raw document as the checks see it: whatever is well shaped in it, each part with its place.

The checks must work on a file that is wrong in many ways at once, so nothing here expects anything: a list where a
mapping should stand is simply not seen (that it is wrong is reported by the typed model), an id that is no text is "".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from partnercheck.clean import ascii_id
from partnercheck.problems import Place, Problem, problem
from partnercheck.yamlfile import Document, Path_

_KINDS = {
    "stages": "stage", "domains": "domain", "items": "item", "roles": "role", "resources": "resource", "references": "reference",
    "cautions": "caution", "when_any": "test",
}  # fmt: skip
_SHOWN_WIDTH = 60
_SHOWN_NAMES = 12


def shown_id(text: str) -> str:
    """An id as messages show it: outside ASCII as escapes (look-alike letters become visible), and never long."""
    return ascii_id(text) if len(text) <= _SHOWN_WIDTH else ascii_id(text[:_SHOWN_WIDTH]) + "…"


def shown_text(text: str) -> str:
    """A text as messages quote it: on one line, and never long."""
    line = " ".join(text[: 4 * _SHOWN_WIDTH].split())
    return line if len(line) <= _SHOWN_WIDTH else line[: _SHOWN_WIDTH - 1] + "…"


def shown_value(value: object) -> str:
    """What stands where something else was expected, as messages name it."""
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    return f"'{shown_text(str(value))}'" if str(value).strip() else "nothing"


def listed(names: Iterable[str]) -> str:
    """Known names for a message, a dozen at most."""
    every = list(names)
    return ", ".join(shown_id(name) for name in every[:_SHOWN_NAMES]) + (", …" if len(every) > _SHOWN_NAMES else "") or "none"


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, or an empty text."""
    close = get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""


class Hints:
    """`nearest` with an end to its patience: a file with 20,000 misspelt ids still has to be checked in a second or two."""

    def __init__(self, budget: int = 50_000) -> None:
        self._budget = budget  # comparisons of two words; one takes a few microseconds

    def hint(self, word: str, known: Collection[str]) -> str:
        """As `nearest`; nothing for a long word, or when too many words have been compared already."""
        if len(word) > _SHOWN_WIDTH or len(known) > self._budget:
            return ""
        self._budget -= len(known)
        return nearest(word, (name for name in known if len(name) <= _SHOWN_WIDTH))


def where(document: Document, path: Path_) -> str:
    """The part of a rubric at `path`, as a person would call it: "item 'mat_time'", "stage number 2", "the rubric"."""
    node = document.data
    name = "the rubric"
    kind = ""
    for part in path:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, str):
            kind = part
            if part not in _KINDS:
                name = f"'{shown_id(part)}'" if name == "the rubric" else f"'{shown_id(part)}' of {name}"
        elif kind in _KINDS and isinstance(node, dict):
            own = text_of(node.get("id"))
            outer = f" of {name}" if kind == "when_any" else ""
            name = (f"{_KINDS[kind]} '{shown_id(own)}'" if own else f"{_KINDS[kind]} number {part + 1}") + outer
    return name


def text_of(value: Any) -> str:
    """A value if it is a text, without the blanks around it, else an empty text."""
    return value.strip() if isinstance(value, str) else ""


def pairs_of(value: Any) -> list[tuple[str, Any]]:
    """The entries of a mapping that mean something (not the author's own `x-` keys); none if it is no mapping."""
    return [(key, entry) for key, entry in value.items() if not key.startswith("x-")] if isinstance(value, dict) else []


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a list of the rubric (a stage, an item, …): its path, its mapping, its id ("" if it has none)."""

    path: Path_
    node: dict[str, Any]
    id: str

    def texts(self, key: str) -> Iterator[tuple[str, Path_]]:
        """The texts in the list under `key`, each with its path."""
        entries = self.node.get(key)
        for position, entry in enumerate(entries if isinstance(entries, list) else ()):
            if text_of(entry):
                yield text_of(entry), (*self.path, key, position)

    def pairs(self, key: str) -> Iterator[tuple[str, Any, Path_]]:
        """The entries of the mapping under `key`: key, value and path."""
        for name, value in pairs_of(self.node.get(key)):
            yield name, value, (*self.path, key, name)

    def text(self, key: str) -> str:
        return text_of(self.node.get(key))

    @property
    def shown(self) -> str:
        return shown_id(self.id) if self.id else "without an id"


class Tree:
    """The parts of a rubric's document, found once for all checks."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data if isinstance(document.data, dict) else {}
        self.root = Part((), self.data, text_of(self.data.get("id")))
        self.hints = Hints()

    def parts(self, key: str, owner: Part | None = None) -> list[Part]:
        """The mappings in the list under `key` of a part (of the rubric itself if none is named)."""
        owner = owner or self.root
        entries = owner.node.get(key)
        return [
            Part((*owner.path, key, position), entry, text_of(entry.get("id")))
            for position, entry in enumerate(entries if isinstance(entries, list) else ())
            if isinstance(entry, dict)
        ]

    @cached_property
    def stages(self) -> list[Part]:
        return self.parts("stages")

    @cached_property
    def domains(self) -> list[Part]:
        return self.parts("domains")

    @cached_property
    def items(self) -> list[Part]:
        return [item for domain in self.domains for item in self.parts("items", domain)]

    @cached_property
    def roles(self) -> list[Part]:
        return self.parts("roles")

    @cached_property
    def resources(self) -> list[Part]:
        return self.parts("resources")

    @cached_property
    def references(self) -> list[Part]:
        return self.parts("references")

    @cached_property
    def cautions(self) -> list[Part]:
        return self.parts("cautions")

    @cached_property
    def ladder(self) -> dict[str, int]:
        """Stage ids and their position, the lowest 0."""
        return _first_of(self.stages)

    @cached_property
    def item_ids(self) -> dict[str, int]:
        return _first_of(self.items)

    @cached_property
    def domain_ids(self) -> dict[str, int]:
        return _first_of(self.domains)

    def where(self, path: Path_) -> str:
        return where(self.document, path)

    def at(self, path: Path_, *, key: bool = False) -> Place:
        return self.document.place(path, key=key)

    def id_place(self, part: Part) -> Place:
        """Where a part's id stands; where the part begins if it has none."""
        return self.at((*part.path, "id"))

    def unknown(self, code: str, word: str, known: Collection[str], path: Path_, *, key: bool = False) -> Problem:
        """The finding that `word` at `path` is none of the `known` ids."""
        owner = self.where(path[:-1])
        hint = self.hints.hint(word, known)
        return problem(code, self.at(path, key=key), id=shown_id(word), where=owner, hint=hint, known=listed(known))


def _first_of(parts: list[Part]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, part in enumerate(parts):
        if part.id:
            found.setdefault(part.id, position)
    return found


Check = Callable[[Tree], Iterable[Problem]]
