"""Putting global options where the parser wants them: before the command, wherever they were typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from partnercheck.errors import UsageError

GLOBAL_FLAGS = frozenset({"--plain", "--screen-reader", "--debug"})
GLOBAL_WITH_VALUE = frozenset({"--data-dir"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """A command line in order: `arranged` for the parser, `names` the known commands and options in it, without values."""

    arranged: tuple[str, ...]
    names: tuple[str, ...]


def arrange(command: Any, arguments: Sequence[str]) -> Arguments:
    """Move the global options of a command line to its front.

    The words are read as the parser will read them (`command` is Typer's tree of commands): the value of another
    option stays with it even if it looks like a global option, and after `--` nothing is an option. Raises `UsageError`
    where a global option lacks its value: moved to the front it would take the command's name for it.
    """
    front: list[str] = []
    rest: list[str] = []
    names: list[str] = []
    words = list(arguments)
    while words:
        word = words.pop(0)
        name = word.partition("=")[0] if word.startswith("--") else word
        if word == "--":
            rest += [word, *words]
            break
        if name in GLOBAL_FLAGS or name in GLOBAL_WITH_VALUE:
            names.append(name)
            front.append(word)
            if name in GLOBAL_WITH_VALUE and name == word:
                if not words:
                    raise UsageError(f"Option '{name}' needs a value after it.\nTry 'partnercheck --help'.")
                front.append(words.pop(0))
            continue
        rest.append(word)
        if word.startswith("-") and word != "-":
            names.append(name if name in _options(command) else "(an unknown option)")
            if _takes_next(command, word) and words:
                rest.append(words.pop(0))
        elif word in getattr(command, "commands", {}):
            command = command.commands[word]
            names.append(word)
    return Arguments((*front, *rest), tuple(names))


def _options(command: Any) -> dict[str, bool]:
    """The options of a command by their spellings, and whether each is followed by a value."""
    return {
        spelling: not (getattr(option, "is_flag", False) or getattr(option, "count", False))
        for option in command.params
        if option.param_type_name == "option"
        for spelling in (*option.opts, *option.secondary_opts)
    }


def _takes_next(command: Any, word: str) -> bool:
    """Whether the word after this option is its value."""
    options = _options(command)
    if word.startswith("--"):
        return options.get(word, False)
    # Short options may be joined, `-xo FILE`; in `-oFILE` the value is here already.
    for place, letter in enumerate(word[1:], start=1):
        if options.get(f"-{letter}", False):
            return place == len(word) - 1
    return False
