"""How easily a text can be read aloud: the measures behind the reading checks of a rubric.

Everything here works offline. Syllables are counted with Pyphen's hyphenation patterns, which is what
makes the Flesch-Kincaid grade repeatable: no word list is looked up anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyphen import Pyphen

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+")


@cache
def _hyphens() -> Pyphen:
    from pyphen import Pyphen  # only the rubric check needs it

    return Pyphen(lang="en_US")


def words(text: str) -> list[str]:
    """The words of a text, in order; a hyphenated or apostrophised word is one word."""
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order, split after `.`, `!` or `?`."""
    return [part for part in (piece.strip() for piece in SENTENCE_END.split(text)) if words(part)]


def syllables(word: str) -> int:
    """Syllables of one English word, at least 1, by Pyphen's hyphenation points."""
    # No word is longer than 60 letters; what looks like one is no reason to search its patterns for seconds.
    return sum(len(_hyphens().positions(part)) + 1 for part in re.split(r"['’\-]", word[:60]) if part) or 1


def reading_grade(texts: Iterable[str]) -> float:
    """Flesch-Kincaid grade over all texts together; 0.0 when there is no word.

    Source: Kincaid et al. 1975: 0.39 words/sentence + 11.8 syllables/word - 15.59.
    """
    all_texts = list(texts)
    all_words = [word for text in all_texts for word in words(text)]
    all_sentences = [sentence for text in all_texts for sentence in sentences(text)]
    if not all_words:
        return 0.0
    syllable_count = sum(syllables(word) for word in all_words)
    return 0.39 * len(all_words) / len(all_sentences) + 11.8 * syllable_count / len(all_words) - 15.59


def likeness(first: str, second: str) -> float:
    """How alike two texts are, from 0 to 1, comparing whole words in order without regard to case."""
    return SequenceMatcher(None, [w.casefold() for w in words(first)], [w.casefold() for w in words(second)]).ratio()
