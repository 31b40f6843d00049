"""How long `partnercheck score` takes on a large table: 100,000 teams' agreed answers, the same ones every time.

    python benchmarks/score_table.py [ROWS] [RUNS]

The table holds stages as points, with don't-knows, blanks and not-applicables where the rubric allows them. The time of
`partnercheck rubric list` beside it shows how much of the total is starting up.
"""

from __future__ import annotations

import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import partnercheck

SEED = 20261123


def write_table(target: Path, rows: int) -> None:
    """A plain table: a row per practice, points in the cells."""
    rubric = partnercheck.load_rubric("partnership-journey")
    dice = random.Random(SEED)
    points = [str(stage.points) for stage in rubric.stages]
    cells = [[*points * 6, "DK", "", "NA" if item.not_applicable else "DK"] for item in rubric.items]
    with target.open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(["practice", "period", *(item.id for item in rubric.items)])
        for number in range(rows):
            table.writerow([f"Practice {number:06}", "2026-Q4", *(dice.choice(choices) for choices in cells)])


def timed(words: list[str]) -> float:
    """Seconds for one run of `partnercheck`."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "partnercheck", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=env,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"partnercheck {' '.join(words)} failed: {done.stderr.decode(errors='replace').strip()[-500:]}")
    return seconds


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "practices.csv"
        write_table(table, rows)
        size = table.stat().st_size / 1e6
        results: dict[str, list[float]] = {"rubric list": [], "score --format summary": [], "score --format csv": []}
        for _ in range(runs):
            results["rubric list"].append(timed(["rubric", "list"]))
            results["score --format summary"].append(timed(["score", str(table)]))
            results["score --format csv"].append(timed(["score", str(table), "--format", "csv"]))
    print(f"{rows:,} rows, {size:.1f} MB, medians of {runs} runs")
    for name, seconds in results.items():
        print(f"  {name:24} {statistics.median(seconds):6.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
