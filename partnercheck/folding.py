"""Folding a text to the form in which answers and names are compared.

One policy for the terminal, YAML files and tables: composed Unicode (NFC, never NFKC: full-width digits are not digits
here), no difference of case, white space (no-break spaces too), typographic quotes or dashes, and no final full stop.
"""

from __future__ import annotations

import html
import re
import unicodedata

_PLAIN_MARKS = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
     "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-"}
)  # fmt: skip
_TAG = re.compile(r"<[^<>]{0,200}>")


def fold(text: str) -> str:
    """`text` as it is compared; never shown."""
    folded = " ".join(unicodedata.normalize("NFC", text).translate(_PLAIN_MARKS).casefold().split())
    return unicodedata.normalize("NFC", folded.removesuffix(".").rstrip() if not folded.endswith("..") else folded)


def fold_markup(text: str) -> str:
    """`fold` for a survey text that may carry tags and entities, such as `<b>We don&#39;t agree</b>`."""
    return fold(html.unescape(_TAG.sub(" ", text)))
