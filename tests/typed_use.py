"""How a caller who checks types uses the public names. Not run: mypy reads it (see `files` in pyproject.toml)."""

from __future__ import annotations

import polars as pl

import partnercheck as pc
import partnercheck.problems
from partnercheck.problems import Problem
from partnercheck.rubric.model import Rubric


def table(frame: pl.DataFrame) -> None:
    rubric: Rubric = pc.load_rubric("partnership-journey")
    scores = pc.score(pc.read_answers(frame, rubric), rubric)
    print(scores, pc.problems(frame, rubric), pc.NA + pc.DK)


def findings(error: pc.RubricError) -> tuple[Problem, ...]:
    return error.problems
