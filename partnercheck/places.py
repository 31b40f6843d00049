"""Where things live: this user's data, and the folders that come with the program."""

from __future__ import annotations

import os
from pathlib import Path


def data_dir(chosen: Path | None = None) -> Path:
    """The data directory: the one chosen by `--data-dir`, else `PARTNERCHECK_HOME`, else the platform's own.

    Nothing is created here. On a machine without a home directory the platform's own may not exist or be writable.
    """
    if chosen is not None:
        return chosen
    named = os.environ.get("PARTNERCHECK_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("partnercheck", appauthor=False)


def shipped(name: str) -> Path:
    """A folder that comes with the program (`rubrics`, `examples`): inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
