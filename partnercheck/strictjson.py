"""JSON as we write it: strict, readable, and harmless on a screen.

NaN and infinity are refused, since they are not JSON. Letters of any language stand as they are; characters that act or
hide are written as `\\uXXXX`, so the data is kept to the last character and nothing happens when it is printed.
"""

from __future__ import annotations

import json
import re
from typing import Any

from partnercheck.clean import is_acting

_SUSPECT = re.compile(r"[^\n\x20-\x7e]")


def dumps(data: Any, indent: int = 2) -> str:
    """`data` as JSON text without a final newline; raises ValueError on NaN or infinity."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    return _SUSPECT.sub(lambda match: json.dumps(match.group())[1:-1] if is_acting(match.group()) else match.group(), text)
