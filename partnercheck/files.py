"""Reading and writing files so that nothing hangs, nothing is half written and nothing is overwritten by surprise."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from partnercheck.errors import AnswersError, CannotCreate, PartnercheckError, ReadOrWriteFailed

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_bytes(path: Path, *, limit: int, error: type[PartnercheckError] = AnswersError) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; anything else is refused with `error`, by name."""
    try:
        # O_NONBLOCK: a pipe that nobody writes to is recognised, not waited for.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise error(f"There is no file '{path}'. Check the name and the folder.") from None
    except (IsADirectoryError, NotADirectoryError):
        raise error(f"'{path}' is not a file. Name a file.") from None
    except (OSError, ValueError) as problem:
        raise ReadOrWriteFailed(f"Could not read '{path}': {_reason(problem)}.") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise error(f"'{path}' is {_KINDS.get(stat.S_IFMT(mode), 'not a file')}. Name a regular file.")
    with os.fdopen(descriptor, "rb") as handle:
        try:
            data = handle.read(limit + 1)
        except OSError as problem:
            raise ReadOrWriteFailed(f"Could not read '{path}': {_reason(problem)}.") from None
    if len(data) > limit:
        raise error(f"'{path}' is larger than {limit:,} bytes, the most that is read here.")
    return data


def write_atomic(path: Path, text: str, *, force: bool = False, mode: int = 0o600, inputs: tuple[Path, ...] = ()) -> None:
    """Write `text` as UTF-8 to `path`, whole or not at all: a temporary file beside it, fsync, then a rename.

    An existing file is kept unless `force`; a symbolic link is never followed, an input never overwritten.
    Raises `CannotCreate` (exists, or the place cannot be written) or `ReadOrWriteFailed` (the disk failed).
    """
    try:
        _refuse_taken(path, force=force, inputs=inputs)
        descriptor, draft = tempfile.mkstemp(prefix=".partnercheck-", suffix=".tmp", dir=path.parent)
    except OSError as problem:
        raise CannotCreate(f"Cannot write in '{path.parent}': {_reason(problem)}.") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as handle:
            if hasattr(os, "fchmod"):
                os.fchmod(handle.fileno(), mode)
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        if force:
            os.replace(draft, path)
        else:
            _place(draft, path)
    except FileExistsError:
        Path(draft).unlink(missing_ok=True)
        raise CannotCreate(f"'{path}' is there already and was left as it is.") from None
    except OSError as problem:
        Path(draft).unlink(missing_ok=True)
        raise ReadOrWriteFailed(f"'{path}' was not written: {_reason(problem)}. What was there before is unchanged.") from None
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _refuse_taken(path: Path, *, force: bool, inputs: tuple[Path, ...]) -> None:
    if any(path.exists() and other.exists() and path.samefile(other) for other in inputs):
        raise CannotCreate(f"'{path}' is an input of this command. Choose another name for the output.")
    if path.is_symlink():
        raise CannotCreate(f"'{path}' is a link. Name the file itself.")
    if path.is_dir():
        raise CannotCreate(f"'{path}' is a folder. Name a file in it.")
    if path.exists() and not force:
        raise CannotCreate(f"'{path}' is there already and was left as it is. Choose another name, or delete it first.")


def _place(draft: str, path: Path) -> None:
    """Give a finished draft its name, where no file has that name yet; one that appeared meanwhile is not replaced."""
    try:
        os.link(draft, path)  # fails where there is a file, unlike rename
    except FileExistsError:
        raise
    except OSError:  # some disks, such as memory sticks, know no links: take the name first, then move onto it
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        os.replace(draft, path)
    else:
        os.unlink(draft)


def _reason(problem: OSError | ValueError) -> str:
    return (getattr(problem, "strerror", None) or "the name is not usable").lower()
