"""Write docs/cli.md from the help of every command; with --check, only say whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from partnercheck.cli import NAME, command_paths, help_text

TARGET = Path(__file__).with_name("cli.md")
OPENING = """\
# The commands

<!-- Written by `make docs` from the program's own help; a test fails when it is out of date. -->

`--plain`, `--data-dir` and `--debug` may stand before or after the command. `--plain` (or `--screen-reader`, or
`PARTNERCHECK_PLAIN=1`) lays everything out for screen readers and pipes: one fact a line, no tables.

Exit codes: 0 fine; 1 done, but some rows or cells could not be used, or a rubric has errors; 2 wrong usage or a refused
file; 70 a mistake of the program; 73 an output exists already or cannot be made; 74 reading or writing failed; 75 busy;
130 interrupted.
"""


def document() -> str:
    """The whole of docs/cli.md."""
    pages = (f"## {' '.join((NAME, *path))}\n\n```text\n{help_text(path)}\n```\n" for path in command_paths())
    return "\n".join((OPENING, *pages))


def main() -> int:
    text = document()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        print("docs/cli.md is up to date")
        return 0
    print("docs/cli.md is out of date: run 'make docs' and look at what changed", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
