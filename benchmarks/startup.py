"""How long people wait before anything happens: start-up times as ratios, measured in one run, in turn.

    python benchmarks/startup.py [ROUNDS]

Each round starts every program once, so that a busy machine slows all of them alike; medians are compared. Goals (the
exit code is 1 where one is missed): `--version` at most twice a bare python, `--help` at most 1.3 times the help of a
bare Typer program.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULE = (sys.executable, "-m", "partnercheck")

PROGRAMS: dict[str, tuple[str, ...]] = {
    "python -c pass": (sys.executable, "-c", "pass"),
    "bare Typer --help": (sys.executable, str(HERE / "bare_typer.py"), "--help"),
    "bare Typer hello": (sys.executable, str(HERE / "bare_typer.py"), "hello"),
    "partnercheck --version": (*MODULE, "--version"),
    "partnercheck --help": (*MODULE, "--help"),
    "partnercheck rubric list": (*MODULE, "rubric", "list"),
    "partnercheck rubric show": (*MODULE, "rubric", "show", "partnership-journey"),
}
GOALS = (
    ("partnercheck --version", "python -c pass", 2.0),
    ("partnercheck --help", "bare Typer --help", 1.3),
)


def installed_program() -> tuple[str, ...]:
    """The `partnercheck` beside this python, as users start it; else the module."""
    program = Path(sys.executable).with_name("partnercheck")
    return (str(program),) if program.is_file() else MODULE


def measure(rounds: int) -> dict[str, float]:
    """The median seconds of each program."""
    # Bytecode is kept, as it is after an installation; nothing of this user's data is read.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PARTNERCHECK_HOME"] = str(HERE / "no-such-folder")
    programs = {
        name: (*installed_program(), *words[len(MODULE) :]) if words[: len(MODULE)] == MODULE else words
        for name, words in PROGRAMS.items()
    }
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name, words in programs.items():
            began = time.perf_counter()
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, env=env, cwd=HERE, check=False)
            if done.returncode:
                sys.exit(f"{name} failed: {done.stderr.decode(errors='replace').strip()}")
            if turn:  # the first round warms the disk's cache and writes bytecode
                seconds[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in seconds.items()}


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    medians = measure(rounds)
    bare = medians["python -c pass"]
    print(f"Medians of {rounds} rounds")
    for name, median in medians.items():
        print(f"  {name:28} {median * 1000:7.1f} ms  {median / bare:5.1f} x bare python")
    missed = 0
    for name, against, goal in GOALS:
        ratio = medians[name] / medians[against]
        missed += ratio > goal
        print(f"{'met   ' if ratio <= goal else 'MISSED'} {name}: {ratio:.2f} x {against}, goal {goal}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
