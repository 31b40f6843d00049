"""The report as JSON: the view itself, names as they are, no number that another format lacks but the index."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from partnercheck.reports.view import ReportView
from partnercheck.strictjson import dumps

FORMAT = 1


def data(view: ReportView) -> dict[str, Any]:
    """The view as plain data; `partnercheck schema report` describes it."""
    content = asdict(view)
    rubric = {"id": content.pop("rubric"), "version": content.pop("version"), "sha256": content.pop("sha256")}
    return {"format": FORMAT, "rubric": rubric, **content}


def render(view: ReportView) -> str:
    """The view as JSON text."""
    return dumps(data(view)) + "\n"
