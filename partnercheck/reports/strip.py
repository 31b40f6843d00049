"""The continuum drawn with characters: one axis, the stages' bands between the cuts, a mark where the score lies.

Pure text, one string a line, all of the same length, so that every renderer (and a test) can look at columns. A score on
a cut belongs to the upper band, and is drawn in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from partnercheck.reports.view import Strip

MARK, STOP, CUT, LINE, REACH, REACH_START, REACH_END = "●", "┃", "┼", "─", "═", "├", "┤"


@dataclass(frozen=True, slots=True)
class Axis:
    """A strip laid out on `width` columns, a whole number of columns a stage."""

    strip: Strip
    cell: int

    @property
    def width(self) -> int:
        return self.cell * len(self.strip.stages)

    def column(self, score: float) -> int:
        """The column of a score; the cuts lie on multiples of the cell."""
        share = (score - self.strip.start) / (self.strip.end - self.strip.start)
        return max(0, min(self.width - 1, int(share * self.width + 1e-9)))

    @property
    def is_numbered(self) -> bool:
        """Whether there is no room for whole words, so that the stages' points stand above their bands."""
        return any(len(word) > self.cell - 2 for name, _ in self.strip.stages for word in name.split())

    def names(self) -> list[str]:
        """The stage names (or their points) above their bands, wrapped at blanks, with the cuts between them."""
        heads = [str(points) if self.is_numbered else name for name, points in self.strip.stages]
        columns = [_wrapped(head, self.cell - 2) for head in heads]
        height = max(len(lines) for lines in columns)
        rows = []
        for level in range(height):
            cells = [(lines[level] if level < len(lines) else "").center(self.cell - 1) for lines in columns]
            row = " " + self._joined(cells)
            rows.append(row[: self.width].ljust(self.width))
        return rows

    def _joined(self, cells: list[str]) -> str:
        text = cells[0]
        for (_, points), cell in zip(self.strip.stages[1:], cells[1:], strict=True):
            text += (STOP if self.strip.stop == points - 0.5 else "│") + cell
        return text

    def line(self, score: float | None) -> str:
        """The axis itself with the mark at `score`, the stop line, or the span that is possible."""
        cells = [LINE] * self.width
        for position, (_, points) in enumerate(self.strip.stages[1:], 1):
            cells[position * self.cell] = STOP if self.strip.stop == points - 0.5 else CUT
        if self.strip.low is not None and self.strip.high is not None and score is None:
            first = (self.strip.low - self.strip.stages[0][1]) * self.cell
            last = (self.strip.high - self.strip.stages[0][1] + 1) * self.cell - 1
            cells[first : last + 1] = [REACH_START, *[REACH] * (last - first - 1), REACH_END]
        if score is not None:
            column = self.column(score)
            if cells[column] == STOP:  # a score just above the cut: both must be seen
                column += 1
            cells[column] = MARK
        return "".join(cells)

    def plain_line(self, score: float | None) -> str:
        """An axis without the stop: for one area, which its own must-haves limit, not the whole's."""
        return Axis(Strip(self.strip.stages), self.cell).line(score)


def axis(strip: Strip, width: int) -> Axis:
    """A strip laid out on at most `width` columns."""
    return Axis(strip, max(4, min(width, 100) // len(strip.stages)))


def _wrapped(name: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
