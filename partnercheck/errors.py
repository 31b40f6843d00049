"""The exceptions of partnercheck, each with the exit code the command line answers with.

A *problem* is a value (see `problems`): a located finding that is collected and shown. An *error* ends a command.
Only the error boundary in `cli` turns an error into words on a screen and an exit code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from partnercheck.problems import Problem

EXIT_OK = 0
EXIT_SOME_UNUSABLE = 1
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_CANNOT_CREATE = 73
EXIT_IO = 74
EXIT_BUSY = 75
EXIT_INTERRUPTED = 130
EXIT_PIPE = 141


class PartnercheckError(Exception):
    """Something ended the work, and the user can do something about it.

    `message` is one plain sentence or two, already safe to print; `problems` are the located findings behind it.
    """

    exit_code: ClassVar[int] = EXIT_USAGE

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        from partnercheck.clean import clean

        self.message = clean(message, keep="\n")
        self.problems = tuple(problems)
        super().__init__(self.message)


class UsageError(PartnercheckError):
    """The command was called in a way that cannot work (exit 2)."""


class RubricError(PartnercheckError):
    """A rubric cannot be used; `problems` carries every finding (exit 2)."""


class AnswersError(PartnercheckError):
    """An answers file or a table was refused as a whole; `problems` says why (exit 2)."""


class CannotCreate(PartnercheckError):
    """An output exists already, or its place cannot be written to (exit 73)."""

    exit_code = EXIT_CANNOT_CREATE


class ReadOrWriteFailed(PartnercheckError):
    """The disk or the system failed while reading or writing (exit 74)."""

    exit_code = EXIT_IO
