"""The formats a report can have: a format is one file beside this one, and one line in the table below."""

from __future__ import annotations

from collections.abc import Callable

from partnercheck.reports import jsonreport, markdown, plain
from partnercheck.reports.view import ReportView


def _plain(view: ReportView) -> str:
    return "\n".join(plain.lines(view)) + "\n"


# As texts. The terminal's own layout is drawn by `reports.terminal`, which needs a console to know its width.
TEXTS: dict[str, Callable[[ReportView], str]] = {"plain": _plain, "markdown": markdown.render, "json": jsonreport.render}


def as_text(view: ReportView, form: str) -> str:
    """The report as one text; `terminal` becomes the plain layout, which needs no width."""
    return TEXTS["plain" if form == "terminal" else form](view)
