"""`partnercheck score`: many practices at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnercheck.errors import UsageError


def score(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tables of answers; - is standard input.")],
) -> None:
    """Score tables of answers: a row per team, or a row per respondent."""
    del files
    raise UsageError("This command is not ready yet.")
