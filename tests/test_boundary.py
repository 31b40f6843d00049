"""Every way a run can end: its exit code, its words, and what it must not say."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from partnercheck import boundary, console
from partnercheck.errors import AnswersError, CannotCreate, PartnercheckError, ReadOrWriteFailed, RubricError, UsageError
from partnercheck.problems import Place, problem
from running import program, start, start_work

CANARY = "we-meet-on-Mondays-7f3a"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and closed descriptors of POSIX systems")


def ended(fault: BaseException) -> int:
    def work() -> int:
        raise fault

    return boundary.run(work)


# Well


def test_the_code_of_the_work_is_the_code_of_the_run() -> None:
    assert [boundary.run(lambda code=code: code) for code in (0, 1, 75)] == [0, 1, 75]


def test_an_exit_that_somebody_else_asked_for_passes() -> None:
    with pytest.raises(SystemExit):
        ended(SystemExit(3))


# With an expected error


@pytest.mark.parametrize(
    ("kind", "code"),
    [(UsageError, 2), (RubricError, 2), (AnswersError, 2), (CannotCreate, 73), (ReadOrWriteFailed, 74), (PartnercheckError, 2)],
)
def test_an_expected_error_is_its_sentence_and_its_code(
    kind: type[PartnercheckError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(kind("It cannot be done. Do this.")) == code
    assert capsys.readouterr() == ("", "It cannot be done. Do this.\n")


def test_the_problems_of_an_error_come_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = problem("Y009", Place(file="a\x1b.yaml", line=3))
    assert ended(RubricError("It cannot be used.", [found])) == 2
    err = capsys.readouterr().err
    assert err.startswith("a^[.yaml:3: error Y009: the file is empty")
    assert err.endswith("It cannot be used.\n")


@pytest.mark.parametrize("name", ["ENOSPC", "EROFS", "EIO", "EACCES"])
def test_what_the_system_refuses_is_no_bug(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(OSError(getattr(errno, name), "No room", "/data/x\x1b[2J")) == 74
    assert capsys.readouterr().err == "Reading or writing failed ('/data/x^[[2J'): no room.\n"


# With a mistake of ours


def planted() -> None:
    answer = CANARY
    try:
        int(answer)
    except ValueError as fault:
        raise KeyError(answer) from fault


def a_bug(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    def work() -> int:
        planted()
        return 0

    code = boundary.run(work)
    return code, "".join(capsys.readouterr())


def test_a_bug_is_one_line_and_a_log_without_answers(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    console.settings.command = ("assess", "--answers")
    code, shown = a_bug(capsys)
    log = own_home / "error.log"
    text = log.read_text(encoding="utf-8")
    assert code == 70
    assert shown.count("\n") == 1
    assert str(log) in shown
    assert CANARY not in shown + text
    assert "command assess --answers" in text
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "test_boundary.py:" in text
    assert ":planted" in text
    assert str(Path.home()) not in text
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_debug_shows_where_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    console.settings.debug = True
    assert ended(RuntimeError("\x1b[2Jgone")) == 70
    err = capsys.readouterr().err
    assert "Traceback (most recent call last)" in err
    assert "RuntimeError: ^[[2Jgone" in err
    assert "\x1b" not in err


@POSIX
def test_the_log_is_readable_by_nobody_else_even_if_it_was(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = own_home / "error.log"
    log.write_text("old " * 9000, encoding="utf-8")
    log.chmod(0o666)
    a_bug(capsys)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "old" not in log.read_text(encoding="utf-8")


@POSIX
def test_a_link_in_place_of_the_log_is_not_written_through(
    own_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep", encoding="utf-8")
    (own_home / "error.log").symlink_to(precious)
    code, shown = a_bug(capsys)
    assert code == 70
    assert precious.read_text(encoding="utf-8") == "keep"
    assert "partnercheck-error-" in shown
    Path(shown.split("'")[1]).unlink()


def test_without_any_place_for_the_log_it_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PARTNERCHECK_HOME", os.devnull)
    monkeypatch.setattr("tempfile.mkstemp", lambda **_: (_ for _ in ()).throw(OSError(errno.EROFS, "read-only")))
    code, shown = a_bug(capsys)
    assert code == 70
    assert "Please report this:\npartnercheck " in shown
    assert CANARY not in shown


@pytest.mark.parametrize("kind", [MemoryError, RecursionError, AssertionError, FileNotFoundError, UnicodeError, BaseException])
def test_any_other_exception_is_a_bug(kind: type[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(kind()) == 70
    assert kind.__name__ in capsys.readouterr().err


def test_endless_recursion_and_a_ring_of_causes_end(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        return work()

    assert boundary.run(work) == 70
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert boundary.fault_log(first).count("builtins.") == 2
    capsys.readouterr()


# Interrupted


def test_control_c_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(KeyboardInterrupt()) == 130
    assert capsys.readouterr() == ("", "Stopped.\n")


@pytest.mark.parametrize(("again", "code"), [(KeyboardInterrupt(), 130), (boundary.Stopped(15), 143)])
def test_a_second_interrupt_while_ending_is_as_quiet(
    again: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_text: str) -> None:
        raise again

    monkeypatch.setattr(console, "notice", interrupted)
    monkeypatch.setattr(boundary, "_silence", lambda _stream: None)
    assert ended(UsageError("What?")) == code
    assert capfd.readouterr() == ("", "")


@POSIX
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_signals_end_with_the_code_shells_expect(name: str, code: int) -> None:
    body = "try:\n    print('ready', flush=True)\n    time.sleep(30)\nfinally:\n    print('tidied up')"
    with subprocess.Popen([sys.executable, "-c", program(body)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        began = time.monotonic()
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert process.returncode == code
    assert out == b"tidied up\n"
    assert b"Traceback" not in err


@POSIX
def test_what_nohup_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with boundary._signals():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@POSIX
def test_the_signals_of_a_caller_come_back() -> None:
    assert boundary.run(lambda: 0) == 0
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


# Streams that are closed, broken or full


def with_broken_stdout(*command: str) -> tuple[int, bytes]:
    """The exit code and stderr of a command whose reader has gone away."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run([sys.executable, *command], stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    finally:
        os.close(writer)
    return done.returncode, done.stderr


@POSIX
def test_a_reader_who_goes_away_during_the_work_ends_it_quietly() -> None:
    assert with_broken_stdout("-c", program("for _ in range(100000):\n    console.say('line')")) == (141, b"")


@POSIX
def test_a_reader_who_goes_away_after_the_work_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    assert with_broken_stdout("-c", program("console.say('short')")) == (0, b"")
    assert with_broken_stdout("-m", "partnercheck") == (0, b"")


@POSIX
@pytest.mark.parametrize("words", [("--help",), ("--version",), ("--debug", "--version"), ("schema", "answers")])
def test_a_reader_who_goes_away_is_no_reason_for_a_word(words: tuple[str, ...]) -> None:
    code, err = with_broken_stdout("-m", "partnercheck", *words)
    assert code in (0, 141)
    assert err == b""


@POSIX
@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "0<&-", "0<&- 1>&- 2>&-"])
def test_a_stream_closed_from_the_start_does_not_matter(closed: str, tmp_path: Path) -> None:
    target = tmp_path / "written.txt"
    body = f"handle = open({str(target)!r}, 'w')\nconsole.say('said')\nconsole.notice('noted')\nassert sys.stdin.read() == ''\nhandle.write('file')\nhandle.close()\nconsole.rich_console().print('x')"
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, program(body)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert target.read_text(encoding="utf-8") == "file"


@POSIX
def test_help_with_a_closed_stdout_is_quiet() -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" -m partnercheck --version 1>&-', sys.executable], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("body", ["console.say('short')", "for _ in range(100000):\n    console.say('line')"])
def test_a_full_disk_under_stdout_is_74(body: str) -> None:
    with Path("/dev/full").open("w", encoding="ascii") as full:
        done = subprocess.run([sys.executable, "-c", program(body)], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 74
    assert done.stderr.endswith(b"no space left on device.\n")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_version_on_a_full_disk_is_74() -> None:
    with Path("/dev/full").open("w", encoding="ascii") as full:
        done = subprocess.run(
            [sys.executable, "-m", "partnercheck", "--version"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert done.returncode == 74


def test_nobody_to_tell_is_no_second_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf:
        encoding = "utf-8"

        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "full")

        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "full")

        def fileno(self) -> int:
            raise OSError(errno.EBADF, "no descriptor")

    monkeypatch.setattr(sys, "stderr", Deaf())
    assert ended(UsageError("What?")) == 2
    assert ended(RubricError("What?", [problem("Y009")])) == 2


# What a screen does not know


# As it stands in a program's text, in ASCII: a process without a locale could not be given anything else.
TEXT = ascii("→ – “x” ✓ é ż 漢 \udc80 \U0001f600 \u202e")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "utf-8", "ascii:strict", "utf-8:strict"])
def test_no_character_stops_the_program(encoding: str) -> None:
    body = (
        f"console.say({TEXT})\nconsole.notice({TEXT})\nfrom rich.table import Table\n"
        f"table = Table('\\u017c', '\\u2713')\ntable.add_row({TEXT}, '\\xe9')\nconsole.rich_console().print(table)\nprint({TEXT})"
    )
    done = start_work(body, env={"PYTHONIOENCODING": encoding})
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    if encoding.startswith("ascii"):
        assert done.out.isascii()
        assert done.out.startswith('-> - "x" x \\xe9')


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"LC_ALL": "POSIX"}, {"LANG": "xx_YY"}]
)
def test_no_locale_is_needed(env: dict[str, str]) -> None:
    assert start_work(f"console.say({TEXT})", env=env).code == 0
    done = start("schema", "caf\udce9", env=env)
    assert done.code == 2
    assert "Try 'partnercheck schema --help'." in done.err


def test_an_error_s_words_survive_ascii() -> None:
    done = start("asséss", env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 2
    assert "No such command 'ass\\xe9ss'" in done.err
