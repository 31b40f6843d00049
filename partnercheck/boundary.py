"""The error boundary: every way a run can end, in one place.

Nobody else exits, prints an error or catches what they do not expect. A run ends

- well, with the code its command returned;
- with an expected error (`PartnercheckError`, a disk that is full): a sentence, its problems, its exit code;
- interrupted (Ctrl-C, a closed window, a reader of our output that went away): quietly, with the code shells expect;
- with a mistake of ours: one line, exit 70, and a log to paste. The log names places in the code and never a value: the
  message of an exception may quote what somebody answered.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from partnercheck import __version__, console
from partnercheck.clean import clean
from partnercheck.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_IO, EXIT_PIPE, PartnercheckError

# What the system refuses through no fault of ours. Other system errors (a missing file nobody asked for) are bugs.
_SYSTEM_FAULTS = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EIO", "EROFS", "EFBIG", "EACCES", "EPERM", "EMFILE", "ENFILE", "ESTALE", "ENXIO", "ENODEV", "EBUSY")
    if hasattr(errno, name)
)  # fmt: skip
_CLOSED = frozenset({errno.EPIPE, errno.ESHUTDOWN, errno.ECONNRESET})


class Stopped(BaseException):
    """The system asked the program to end; like KeyboardInterrupt, no `except Exception` may swallow it."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


def run(work: Callable[[], int]) -> int:
    """Do `work`, which returns an exit code, and return the code to exit with, whatever happens."""
    _open_missing_streams()
    console.prepare_streams()
    with _signals():
        try:
            return _flushed(_ended(work))
        except (KeyboardInterrupt, Stopped) as again:  # while we were ending: somebody is in a hurry
            _silence(sys.stdout)
            return 128 + again.number if isinstance(again, Stopped) else EXIT_INTERRUPTED


def _ended(work: Callable[[], int]) -> int:
    try:
        return work()
    except SystemExit:
        raise
    except BaseException as fault:  # noqa: BLE001 - a panic inside Polars is a BaseException; this is the boundary
        return _ending(fault)


def _ending(fault: BaseException) -> int:
    """Say how the run ended, and return its exit code."""
    match fault:
        case PartnercheckError():
            _tell_expected(fault)
            return fault.exit_code
        case KeyboardInterrupt():
            _tell("Stopped.")
            return EXIT_INTERRUPTED
        case Stopped():
            return 128 + fault.number
        case OSError(errno=number) if number in _CLOSED:
            return EXIT_PIPE
        case OSError(errno=number) if number in _SYSTEM_FAULTS:
            _tell(f"Reading or writing failed{_about(fault)}: {(fault.strerror or 'no reason given').lower()}.")
            _tell_trace(fault)
            return EXIT_IO
    _tell(_bug_sentence(fault))
    _tell_trace(fault)
    return EXIT_BUG


def _about(fault: OSError) -> str:
    return f" ('{fault.filename}')" if isinstance(fault.filename, str) else ""


def _tell(text: str) -> None:
    # stderr may be full or closed as well: then there is nobody left to tell.
    with contextlib.suppress(OSError, ValueError):
        console.notice(text)


def _tell_expected(fault: PartnercheckError) -> None:
    with contextlib.suppress(OSError, ValueError):
        console.show_problems(fault.problems)
    _tell(fault.message)


def _tell_trace(fault: BaseException) -> None:
    if console.settings.debug:
        _tell("".join(traceback.format_exception(fault)))


def _bug_sentence(fault: BaseException) -> str:
    log = fault_log(fault)
    where = _keep_log(log)
    head = f"Sorry: partnercheck made a mistake of its own ({type(fault).__name__})."
    if where is None:
        return f"{head} Please report this:\n{log}"
    return f"{head} Please report it with the text in '{where}', which holds no answers."


def fault_log(fault: BaseException) -> str:
    """What we need to know of a fault, and nothing that anybody typed, answered or is called."""
    lines = [
        f"partnercheck {__version__}",
        f"python {sys.version.split()[0]} {sys.implementation.name}",
        f"platform {sys.platform}",
        f"command {' '.join(console.settings.command) or '(not read)'}",
    ]
    for link in _chain(fault):
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        frames = [(frame.f_code, number) for frame, number in traceback.walk_tb(link.__traceback__)]
        lines += [f"  {_short(code.co_filename)}:{number}:{code.co_qualname}" for code, number in frames[-60:]]
    return clean("\n".join(lines), keep="\n") + "\n"


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """A fault and what led to it, the cause last; at most ten."""
    seen: list[BaseException] = []
    link: BaseException | None = fault
    while link is not None and len(seen) < 10 and not any(link is other for other in seen):
        seen.append(link)
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _short(filename: str) -> str:
    """A source file's name without the folders it is installed in: they often hold a person's name."""
    path = Path(filename)
    for anchor in ("site-packages", "partnercheck"):
        if anchor in path.parts[:-1]:
            return "/".join(path.parts[path.parts.index(anchor) + (anchor == "site-packages") :])
    return path.name


def _keep_log(text: str) -> Path | None:
    """Write the log where only this user can read it: the data directory, else a temporary file, else nowhere."""
    from partnercheck.places import data_dir

    with contextlib.suppress(OSError, ValueError, RuntimeError):
        folder = data_dir(console.settings.data_dir)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "error.log"
        # O_NOFOLLOW: a link left there by somebody else is not written through. The last fault is kept, not all.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        return _write_private(os.open(path, flags, 0o600), path, text)
    with contextlib.suppress(OSError, ValueError):
        descriptor, name = tempfile.mkstemp(prefix="partnercheck-error-", suffix=".log")
        return _write_private(descriptor, Path(name), text)
    return None


def _write_private(descriptor: int, path: Path, text: str) -> Path:
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as handle:
        if hasattr(os, "fchmod"):
            os.fchmod(handle.fileno(), 0o600)
        handle.write(text)
    return path


def _open_missing_streams() -> None:
    """Give a stream that was closed before the start (`1>&-`) somewhere to go.

    Otherwise the next file that is opened takes its number, and what is meant for the screen is written into it.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                descriptor = os.open(os.devnull, os.O_RDWR)
                if descriptor != number:
                    os.dup2(descriptor, number)
                    os.close(descriptor)
                setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _flushed(code: int) -> int:
    """The exit code after what is left in the buffers has been written.

    A reader who went away after the work was done (`| head`) is no failure. A full disk is one.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError) as fault:
            _silence(stream)
            if (
                stream is sys.stdout
                and isinstance(fault, OSError)
                and fault.errno not in _CLOSED
                and code not in (EXIT_IO, EXIT_PIPE)
            ):
                _tell(f"The output could not be written: {(fault.strerror or 'no reason given').lower()}.")
                code = EXIT_IO
    return code


def _silence(stream: TextIO) -> None:
    """Point a broken stream at nothing, so that Python's own flush at exit has nothing to complain about."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """While working, turn "please end" (SIGTERM) and "the window is closed" (SIGHUP) into `Stopped`."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        raise Stopped(number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # One that is ignored stays ignored: that is what nohup does.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not in the main thread: the caller's signals are not ours
                before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
