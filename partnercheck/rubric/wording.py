"""Checks of a rubric's words: whether every answer has one meaning, and whether a text can be read aloud.

The limits (grade 8, 25 words) are those of the built-in rubric: a descriptor is read out once, to people who have
never seen it, some of them unused to the language of the practice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from partnercheck.clean import has_acting, is_acting
from partnercheck.folding import fold
from partnercheck.problems import Problem, problem
from partnercheck.rubric.model import ANSWER_WORDS
from partnercheck.rubric.readability import likeness, reading_grade, sentences, words
from partnercheck.rubric.tree import Check, Part, Tree, pairs_of, shown_text, text_of
from partnercheck.yamlfile import Path_

GRADE_MAX = 8
SENTENCE_MAX = 25
DESCRIPTOR_MAX = 25
LIKENESS_MAX = 0.8
# Comparing and grading texts is slow. A file within the size limit can hold 20,000 items; a real one holds dozens.
_ITEMS_READ = 500
_LIKENESS_WORDS = 30

_NAMES = frozenset({"name", "title", "citation", "publisher", "for_whom", "one"})
PROSE = frozenset({"ask", "why", "try", "summary", "say", "about", "start"})


def one_meaning_each(tree: Tree) -> Iterator[Problem]:
    """No text may be two answers: stage ids, names and points, the item's descriptors, the words for no stage."""
    shared = {fold(spelling): f"'{meaning}'" for meaning, spellings in ANSWER_WORDS.items() for spelling in spellings}
    shared[""] = "'no answer'"
    told: set[tuple[str, str, str]] = set()
    numbers: set[str] = set()
    for stage in tree.stages:
        if not stage.id:
            continue
        meaning = f"stage '{stage.shown}'"
        for text, key in _spellings(stage):
            if key == "points":
                if text in numbers:
                    continue  # the same points twice are told by R016
                numbers.add(text)
            first = shared.setdefault(fold(text), meaning)
            if first != meaning and (fold(text), first, meaning) not in told:
                told.add((fold(text), first, meaning))
                place = tree.at((*stage.path, key))
                yield problem("R031", place, text=shown_text(text), first=first, second=meaning, item="any item")
    for item in tree.items:
        yield from _item_meanings(tree, item, shared)


def _spellings(stage: Part) -> Iterator[tuple[str, str]]:
    yield stage.id, "id"
    if stage.text("name"):
        yield stage.text("name"), "name"
    if stage.text("points"):
        yield stage.text("points"), "points"
        yield stage.text("points") + ".0", "points"


def _item_meanings(tree: Tree, item: Part, shared: dict[str, str]) -> Iterator[Problem]:
    own: dict[str, str] = {}
    for stage_id, text, path in _descriptors(tree, item):
        meaning = f"stage '{stage_id}'"
        first = shared.get(fold(text)) or own.setdefault(fold(text), meaning)
        if first != meaning:
            yield problem("R031", tree.at(path), text=shown_text(text), first=first, second=meaning, item=f"'{item.shown}'")


def _descriptors(tree: Tree, item: Part) -> list[tuple[str, str, Path_]]:
    """The descriptors of an item for stages that exist, lowest stage first: stage id, text, path."""
    found = [(stage, text_of(text), path) for stage, text, path in item.pairs("levels") if stage in tree.ladder and text_of(text)]
    return sorted(found, key=lambda entry: tree.ladder[entry[0]])


def same_words(tree: Tree) -> Iterator[Problem]:
    """Questions are found by their wording and roles by their names: two of a kind may not read the same."""
    kinds = (
        ("question", tree.items, ("ask",)),
        ("item", tree.items, ("name",)),
        ("domain", tree.domains, ("name",)),
        ("role", tree.roles, ("id", "name")),
    )
    for kind, parts, keys in kinds:
        first: dict[str, Part] = {}
        for part in parts:
            for key in keys:
                text = part.text(key)
                other = first.setdefault(fold(text), part)
                # Two ids that are the same are told by R013.
                if text and other.path != part.path and not (part.id and other.id == part.id):
                    names = {"first": f"{kind} '{other.shown}'", "second": f"{kind} '{part.shown}'"}
                    yield problem("R049", tree.at((*part.path, key)), text=shown_text(text), **names)
                    break


# Reading aloud


def _texts(value: Any, path: Path_ = ()) -> Iterator[tuple[str, Path_]]:
    """Every text of a rubric with its path; the depth is bounded by the reader."""
    if isinstance(value, str):
        yield value, path
    elif isinstance(value, list):
        for position, entry in enumerate(value):
            yield from _texts(entry, (*path, position))
    else:
        for key, entry in pairs_of(value):
            yield from _texts(entry, (*path, key))


def _is_prose(path: Path_) -> bool:
    return bool(path) and (path[-1] in PROSE or "levels" in path[-2:-1])


def cut_short(tree: Tree) -> Iterator[Problem]:
    """Texts that end where a comment begins: an author who writes "room #4" without quotes loses the number."""
    for path, mark in tree.document.cut.items():
        if _is_prose(path) or path[-1] in _NAMES:
            yield problem("R050", tree.document.at(*mark), where=tree.where(path))


def long_sentences(tree: Tree) -> Iterator[Problem]:
    for text, path in _texts(tree.data):
        if _is_prose(path):
            for sentence in sentences(text):
                spoken = words(sentence)
                if len(spoken) > SENTENCE_MAX:
                    start = shown_text(" ".join(spoken[:5]))
                    yield problem(
                        "R041", tree.at(path), count=len(spoken), where=tree.where(path), start=start, limit=SENTENCE_MAX
                    )


def hidden_characters(tree: Tree) -> Iterator[Problem]:
    for text, path in _texts(tree.data):
        if has_acting(text, allowed="\n\t"):
            char = next(char for char in text if is_acting(char) and char not in "\n\t")
            yield problem("R046", tree.at(path), char=char, where=tree.where(path))


def hard_words(tree: Tree) -> Iterator[Problem]:
    language = tree.root.text("language") or "en"
    if language.partition("-")[0] != "en":
        return  # the grade counts English syllables
    for item in tree.items[:_ITEMS_READ]:
        grade = reading_grade(text for _, text, _ in _descriptors(tree, item))
        if grade > GRADE_MAX:
            yield problem(
                "R040", tree.at((*item.path, "levels"), key=True), item=item.shown, grade=f"{grade:.1f}", limit=GRADE_MAX
            )


def long_descriptors(tree: Tree) -> Iterator[Problem]:
    for item in tree.items:
        for stage, text, path in _descriptors(tree, item):
            count = len(words(text))
            if count > DESCRIPTOR_MAX:
                yield problem("R043", tree.at(path), item=item.shown, stage=stage, count=count, limit=DESCRIPTOR_MAX)


def near_identical(tree: Tree) -> Iterator[Problem]:
    for item in tree.items[:_ITEMS_READ]:
        short = [entry for entry in _descriptors(tree, item) if len(words(entry[1])) <= _LIKENESS_WORDS]
        for (first, low, _), (second, high, path) in combinations(short, 2):
            # The same text twice is told by R031.
            if fold(low) != fold(high) and likeness(low, high) >= LIKENESS_MAX:
                yield problem("R042", tree.at(path), first=first, second=second, item=item.shown)


CHECKS: tuple[Check, ...] = (
    one_meaning_each, same_words, hidden_characters,
    cut_short, long_sentences, hard_words, long_descriptors, near_identical,
)  # fmt: skip
