"""The scorer: the rubric compiled, once, to data-frame expressions.

A row is a row: one team's agreed answers, one respondent, a pooled practice, a "what if" are all scored by the same
steps, each a few new columns (`steps`):

1. **tally**      per domain: answered, applicable, the weighted sum and the weights behind it
2. **domains**    its mean where enough is answered, rounded; its band
3. **overall**    the mean of the domains where every applicable one has a score, rounded
4. **proposal**   the band of the overall score
5. **placement**  every gate and every floor domain is a *ceiling*, the highest stage it still allows;
                  placed = the lowest of the proposal and the ceilings; what equals it there holds it back
6. **words**      stage ids, `held_back_by`, `index`, `status`

Working columns carry `__`, which no id may hold, and are never null, so the engines' different null logic does not come
into play. `explain` and the report read the same columns and compute nothing. The rule: docs/scoring.md.

Narwhals traps that shaped the code: no dots in names; sums as a chain of `+` (the order of addition is fixed); weights as
whole numbers over their common denominator; `floor(x*1e9 + 0.5)/1e9` and a tidying round is half-up on every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import ceil, lcm
from typing import Any

import narwhals as nw

from partnercheck.answers import BLANK, MARKER, NA, UNREAD, read_answers, refuse_clashes
from partnercheck.rubric.model import Domain, Item, Rubric

SCORED, NOT_ENOUGH, NOT_APPLICABLE = 1, 0, -1
DOMAIN_STATUS = {SCORED: "scored", NOT_ENOUGH: "incomplete", NOT_APPLICABLE: "not_applicable"}
Step = list[Any]


def score(frame: Any, rubric: Rubric, *, profile: str = "full") -> Any:
    """Score every row of a frame: a row in, a row out.

    `frame`: an answer table (from `read_answers`) or the caller's own frame of texts or whole numbers, which is read
    first. Returns the same kind of frame: the keys, then per domain its score, `overall`, `index`, `proposed`, `placed`
    (stage ids), `held_back_by` (ids separated by one space; empty when nothing holds back, null without a placement),
    `status` (scored | incomplete | profile | no_answers) and `bad_cells`. Scores are in points, rounded half up to nine
    decimals, null where there is none. With a `profile` other than `full` only its items are needed and nothing is placed.
    """
    answers: Any = nw.from_native(read_answers(frame, rubric, profile=profile))
    names = answers.collect_schema().names()
    keys = [name for name in names if name not in rubric.item_ids and name != MARKER]
    refuse_clashes(keys, result_columns(rubric))
    return with_steps(answers, rubric, profile).select(*keys, *result_columns(rubric)).to_native()


def result_columns(rubric: Rubric) -> list[str]:
    """The columns of a result, keys aside, in order."""
    return [*(domain.id for domain in rubric.domains), "overall", "index", "proposed", "placed", "held_back_by", "status", MARKER]


def with_steps(answers: Any, rubric: Rubric, profile: str = "full") -> Any:
    """A narwhals answer table with the columns of every step added, the working columns included."""
    present = answers.collect_schema().names()
    absent = [nw.lit(BLANK).alias(item_id) for item_id in rubric.item_ids if item_id not in present]
    table = answers.with_columns(*absent) if absent else answers
    return reduce(lambda frame, step: frame.with_columns(*step), steps(rubric, profile), table)


def answer_table(rows: Sequence[Mapping[str, float]], rubric: Rubric) -> Any:
    """Rows of codes given as dicts (an item left out is BLANK) as a narwhals answer table."""
    columns = {item_id: [float(row.get(item_id, BLANK)) for row in rows] for item_id in rubric.item_ids}
    bad = [sum(row.get(item_id) == UNREAD for item_id in rubric.item_ids) for row in rows]
    return nw.from_dict({**columns, MARKER: bad}, backend="polars")


def score_rows(rows: Sequence[Mapping[str, float]], rubric: Rubric, profile: str = "full") -> list[dict[str, Any]]:
    """Score rows of codes given as dicts; every column of every step, a dict a row."""
    return list(with_steps(answer_table(rows, rubric), rubric, profile).rows(named=True))


def steps(rubric: Rubric, profile: str = "full") -> list[Step]:
    """The rule as expressions: lists of columns, each built on those before it; placement takes two (ceilings, lowest)."""
    return [
        [column for domain in rubric.domains for column in _tally(domain)],
        [column for domain in rubric.domains for column in _domain(domain, rubric)],
        [*(_band(domain.id, rubric) for domain in rubric.domains), *_overall(rubric), _answered(rubric)],
        [_proposal(rubric)],
        [
            *(_gate_ceiling(item_id, rubric) for item_id in rubric.gate_items),
            *(_floor_ceiling(d, rubric) for d in rubric.floor_domains),
        ],
        [_placement(rubric), *(_domain_placement(domain, rubric, profile) for domain in rubric.domains)],
        _words(rubric, profile),
    ]


def rounded(value: Any) -> Any:
    """An expression rounded half up to nine decimals: the score. The last round tidies the division."""
    return ((value * 1e9 + 0.5).floor() / 1e9).round(9)


def needed(applicable: int, rubric: Rubric) -> int:
    """How many of a domain's applicable items must be answered for it to have a score."""
    return max(ceil(rubric.scoring.domain_min_share * applicable), min(2, applicable))


def whole_weights(weights: Sequence[Fraction]) -> list[int]:
    """Weights as whole numbers in the same proportions.

    In expressions they stand as floats, which are exact up to 2^53 (the rubric's checks see to that): a literal whole
    number would be taken for 32 bits, and a sum of them would wrap around.
    """
    common = lcm(*(weight.denominator for weight in weights))
    return [int(weight * common) for weight in weights]


def _sum(terms: Iterable[Any]) -> Any:
    return reduce(lambda total, term: total + term, terms)


def _where(condition: Any, value: Any, otherwise: Any = 0) -> Any:
    def literal(part: Any) -> Any:
        return part if isinstance(part, nw.Expr) else nw.lit(part)  # a bare text would be taken for a column's name

    return nw.when(condition).then(literal(value)).otherwise(literal(otherwise))


def _tally(domain: Domain) -> Step:
    weighted = list(zip(domain.items, map(float, whole_weights([item.weight for item in domain.items])), strict=True))

    def total(value: Any) -> Any:
        return _sum(value(item, weight) for item, weight in weighted)

    def points(item: Item) -> Any:
        return nw.col(item.id).cast(nw.Float64)

    return [
        total(lambda item, _: _where(points(item) >= 0, 1)).alias(f"{domain.id}__answered"),
        total(lambda item, _: _where(points(item) != NA, 1)).alias(f"{domain.id}__applicable"),
        total(lambda item, weight: _where(points(item) >= 0, points(item) * weight, 0.0)).alias(f"{domain.id}__sum"),
        total(lambda item, weight: _where(points(item) >= 0, weight, 0.0)).alias(f"{domain.id}__weight"),
    ]


def _domain(domain: Domain, rubric: Rubric) -> Step:
    applicable, answered = nw.col(f"{domain.id}__applicable"), nw.col(f"{domain.id}__answered")
    enough: Any = nw.lit(0)
    for count in range(1, len(domain.items) + 1):
        enough = _where(applicable == count, needed(count, rubric), enough)
    state = _where(applicable == 0, NOT_APPLICABLE, _where(answered >= enough, SCORED, NOT_ENOUGH))
    weight = nw.col(f"{domain.id}__weight")
    mean = nw.col(f"{domain.id}__sum") / _where(weight > 0, weight, 1.0)
    return [
        enough.alias(f"{domain.id}__needed"),
        state.alias(f"{domain.id}__state"),
        mean.alias(f"{domain.id}__mean"),
        rounded(mean).alias(f"{domain.id}__score"),
    ]


def _band_of(value: Any, rubric: Rubric) -> Any:
    """The points of the highest stage whose cut a score reaches; at least the lowest stage's."""
    return _sum([nw.lit(rubric.p_min), *(_where(value >= float(rubric.cut(stage)), 1) for stage in rubric.stages[1:])])


def _band(domain_id: str, rubric: Rubric) -> Any:
    return _band_of(nw.col(f"{domain_id}__score"), rubric).alias(f"{domain_id}__band")


def _overall(rubric: Rubric) -> Step:
    """Domains that do not apply leave the mean; one that lacks answers leaves no overall score at all."""
    weighted = list(zip(rubric.domains, map(float, whole_weights([domain.weight for domain in rubric.domains])), strict=True))
    total = _sum(
        _where(nw.col(f"{d.id}__state") == SCORED, nw.col(f"{d.id}__mean") * weight, 0.0) for d, weight in weighted
    )  # of the unrounded means
    weights = _sum(_where(nw.col(f"{d.id}__state") == SCORED, weight, 0.0) for d, weight in weighted)
    lacking = _sum(_where(nw.col(f"{d.id}__state") == NOT_ENOUGH, 1) for d in rubric.domains)
    mean = total / _where(weights > 0, weights, 1.0)
    return [
        total.alias("overall__sum"),
        weights.alias("overall__weight"),
        _where((lacking == 0) & (weights > 0), SCORED, NOT_ENOUGH).alias("overall__state"),
        rounded(mean).alias("overall__score"),
    ]


def _answered(rubric: Rubric) -> Any:
    """How many items were answered in any way: a stage, not applicable, don't know, not agreed."""
    said = ((nw.col(item_id) != BLANK) & (nw.col(item_id) != UNREAD) for item_id in rubric.item_ids)
    return _sum(_where(answer, 1) for answer in said).alias("row__said")


def _proposal(rubric: Rubric) -> Any:
    return _band_of(nw.col("overall__score"), rubric).alias("overall__proposed")


def _gate_ceiling(item_id: str, rubric: Rubric) -> Any:
    """The highest stage an item's gates still allow: the one below the lowest stage whose gate it fails."""
    value = rounded(nw.col(item_id).cast(nw.Float64))
    ceiling: Any = nw.lit(rubric.p_max)
    for gate in reversed([gate for gate in rubric.gates if gate.item == item_id]):
        ceiling = _where(rubric.passes(gate, value), ceiling, rubric.stage(gate.stage).points - 1)
    return ceiling.alias(f"{item_id}__ceiling")


def _floor_ceiling(domain_id: str, rubric: Rubric) -> Any:
    """The highest stage a domain still allows: `max_domain_lag` above its own band."""
    allowed = nw.col(f"{domain_id}__band") + rubric.scoring.max_domain_lag
    limited = (nw.col(f"{domain_id}__state") == SCORED) & (allowed < rubric.p_max)
    return _where(limited, allowed, rubric.p_max).alias(f"{domain_id}__ceiling")


def _lowest(first: Any, names: Sequence[str]) -> Any:
    return nw.min_horizontal(first, *(nw.col(f"{name}__ceiling") for name in names)) if names else first


def _placement(rubric: Rubric) -> Any:
    return _lowest(nw.col("overall__proposed"), [*rubric.gate_items, *rubric.floor_domains]).alias("overall__placed")


def _domain_placement(domain: Domain, rubric: Rubric, profile: str) -> Any:
    own = [item.id for item in domain.items if item.id in rubric.gate_items]
    points = _lowest(nw.col(f"{domain.id}__band"), own)
    is_scored = (nw.col(f"{domain.id}__state") == SCORED) & nw.lit(profile == "full")
    return _stage_word(points, is_scored, rubric).alias(f"{domain.id}__placed")


def _stage_word(points: Any, known: Any, rubric: Rubric) -> Any:
    word: Any = nw.lit(None, dtype=nw.String)
    for stage in rubric.stages:
        word = _where(known & (points == stage.points), stage.id, word)
    return word


def _words(rubric: Rubric, profile: str) -> Step:
    is_full = profile == "full"
    nothing = nw.lit(None, dtype=nw.Float64)
    is_placed = (nw.col("overall__state") == SCORED) & nw.lit(is_full)
    value, placed, proposed = nw.col("overall__score"), nw.col("overall__placed"), nw.col("overall__proposed")
    held: Any = nw.concat_str(
        nw.lit(""),
        *(
            _where((placed < proposed) & (nw.col(f"{name}__ceiling") == placed), f"{prefix}{name} ", "")
            for prefix, names in (("", rubric.gate_items), ("domain:", rubric.floor_domains))
            for name in names
        ),
    )
    index = ((value - rubric.p_min) * 100.0 / (rubric.p_max - rubric.p_min) + 0.5 + 1e-9).floor()  # the nudge: ties are exact
    nothing_said = (nw.col("row__said") == 0) | _none_applies(rubric)
    status = _where(nothing_said, "no_answers", _where(is_placed, "scored", "incomplete") if is_full else nw.lit("profile"))
    scored = {domain.id: (nw.col(f"{domain.id}__state") == SCORED) & nw.lit(is_full) for domain in rubric.domains}
    return [
        *(_where(scored[d.id], nw.col(f"{d.id}__score"), nothing).alias(d.id) for d in rubric.domains),
        _where(is_placed, value, nothing).alias("overall"),
        _where(is_placed, index, nothing).alias("index"),
        _stage_word(proposed, is_placed, rubric).alias("proposed"),
        _stage_word(placed, is_placed, rubric).alias("placed"),
        _where(is_placed, held.str.strip_chars(), nw.lit(None, dtype=nw.String)).alias("held_back_by"),
        status.alias("status"),
    ]


def _none_applies(rubric: Rubric) -> Any:
    applying = _sum(_where(nw.col(f"{domain.id}__state") == NOT_APPLICABLE, 0, 1) for domain in rubric.domains)
    return applying == 0
