"""The two streams people see: results and dialogue on stdout, progress, notices and problems on stderr.

Everything printed goes through here, so that text from files is clean, a closed pipe is quiet, a screen that knows
only ASCII gets ASCII, and `--plain` means the same everywhere.
"""

from __future__ import annotations

import codecs
import errno
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, TextIO

from partnercheck.clean import clean

if TYPE_CHECKING:
    from rich.console import Console

    from partnercheck.problems import Problem

# What a screen without these characters is given instead.
_ASCII = str.maketrans(
    {
        "→": "->", "←": "<-", "–": "-", "—": "-", "·": "-", "•": "*", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"',
        "✓": "x", "●": "o", "○": ".", "◆": "#", "◇": "+", "▲": "^", "△": "^", "┃": "#", "│": "|", "─": "-", "━": "=", "═": "=", "╌": "-",
        "┼": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┌": "+", "┐": "+", "└": "+", "┘": "+", "╭": "+", "╮": "+", "╰": "+", "╯": "+",
        "█": "#", "▌": "|", "≥": ">=", "≤": "<=", "×": "x", "−": "-", "½": "1/2", "\u00a0": " ",
    }
)  # fmt: skip


SHOWN_MAX = 1_000  # findings on a screen; nobody works through more at one sitting


@dataclass
class Settings:
    """The global options of one run."""

    plain: bool = False
    debug: bool = False
    data_dir: Path | None = None
    # The names of the command and its options, never their values: all that a fault's log may say of them.
    command: tuple[str, ...] = ()


settings = Settings()


def plain_by_environment() -> bool:
    return os.environ.get("PARTNERCHECK_PLAIN", "") not in ("", "0") or os.environ.get("TERM") == "dumb"


def _fallback(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeEncodeError)
    piece = fault.object[fault.start : fault.end].translate(_ASCII)
    return piece.encode("ascii", "backslashreplace").decode("ascii"), fault.end


def prepare_streams() -> None:
    """Make both streams unable to fail on a character the screen does not know."""
    codecs.register_error("partnercheck", _fallback)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="partnercheck")


def say(text: str = "", *, prose: bool = False) -> None:
    """A line (or several) on stdout; `prose` is wrapped at blanks on a terminal, anything else stands as it is."""
    print(_laid_out(clean(text, keep="\n"), sys.stdout) if prose else clean(text, keep="\n"))


def notice(text: str) -> None:
    """A line (or several) on stderr, wrapped at blanks on a terminal."""
    try:
        print(_laid_out(clean(text, keep="\n"), sys.stderr), file=sys.stderr)
    except OSError as fault:  # nobody listens there; what was asked for goes to stdout and is none the worse
        if fault.errno not in (errno.EBADF, errno.EPIPE):
            raise


def _laid_out(text: str, stream: TextIO) -> str:
    """A text's lines broken between words where a person reads them, each as far in as it began; whole for a program."""
    if is_plain() or not getattr(stream, "isatty", bool)():
        return text
    room = width()
    return "\n".join(part for line in text.split("\n") for part in _wrapped(line, room))


def _wrapped(line: str, room: int) -> list[str]:
    if len(line) <= room:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + (2 if line.lstrip()[:2] == "→ " else 0))
    return wrap(line, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def show_problems(problems: Iterable[Problem]) -> None:
    """Located findings on stderr, in the order given."""
    from partnercheck.problems import render

    shown = list(problems)
    for found in shown[:SHOWN_MAX]:
        notice(render(found))
    if len(shown) > SHOWN_MAX:
        notice(f"… and {len(shown) - SHOWN_MAX:,} more.")


def width() -> int:
    """Columns to lay out for: the terminal's, 80 where there is none, between 40 and 120."""
    try:
        columns = shutil.get_terminal_size((80, 24)).columns
    except ValueError:  # COLUMNS or LINES is set to something that is no number
        columns = 80
    return max(40, min(120, columns))


def is_plain() -> bool:
    """Whether to lay out one fact a line, for a screen reader: asked for, or `TERM=dumb`. A pipe alone does not change it."""
    return settings.plain or plain_by_environment()


def rich_console() -> Console:
    """A rich console on stdout that takes no markup, emoji codes or highlighting from any text."""
    from rich.console import Console

    # The height is never used, but without one rich would read LINES, whatever stands there.
    return Console(file=sys.stdout, width=width(), height=24, markup=False, emoji=False, highlight=False, soft_wrap=False)
