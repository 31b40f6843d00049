"""Running the program in tests: in this process (fast), or as a process of its own (streams, signals, exit codes)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from partnercheck import boundary, cli

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


def call(capsys: pytest.CaptureFixture[str], *words: str) -> Ended:
    """`partnercheck WORDS` in this process."""
    capsys.readouterr()
    code = boundary.run(lambda: cli.run(words))
    out, err = capsys.readouterr()
    return Ended(code, out, err)


def start(*words: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Ended:
    """`partnercheck WORDS` as a process of its own."""
    return _process([sys.executable, "-m", "partnercheck", *words], env, stdin)


def start_work(body: str, *, env: Mapping[str, str] | None = None) -> Ended:
    """`body`, the inside of a function, as the work of a process of its own, within the boundary."""
    return _process([sys.executable, "-c", program(body)], env, "")


def program(body: str) -> str:
    """A program that does `body` within the boundary."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return (
        "import os, sys, time\n"
        "from partnercheck import boundary, console\n"
        f"def work():\n{lines}    return 0\n"
        "sys.exit(boundary.run(work))\n"
    )


def _process(command: list[str], env: Mapping[str, str] | None, stdin: str) -> Ended:
    done = subprocess.run(
        command, capture_output=True, input=stdin.encode(), env={**os.environ, **(env or {})}, cwd=ROOT, timeout=60, check=False
    )
    return Ended(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape"))
