"""Making foreign text harmless, in one place.

Text from a file or a keyboard is data. Before it is shown anywhere (screen, report, log, error message, file name)
every character that could act or hide is replaced by a visible stand-in: `ESC` becomes `^[`, a zero-width space
becomes `<U+200B>`. Terminal escape sequences, bidirectional overrides and invisible characters thereby become words.
"""

from __future__ import annotations

import re
import unicodedata

# Letters and marks that draw nothing although Unicode does not call them format characters.
# (Those Unicode calls default-ignorable, assigned or not, and the blank of Braille.)
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
# Control, format, surrogate, private use, line and paragraph separator.
_ACTING_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Most characters are plain: only those outside these ranges get a look.
_SUSPECT = re.compile(r"[^\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u03ff\u0400-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u22ff]")

VALUE_WIDTH = 40


def is_acting(char: str) -> bool:
    """Whether one character could act on a screen or hide in a text."""
    return unicodedata.category(char) in _ACTING_CATEGORIES or _INVISIBLE.fullmatch(char) is not None


def _stand_in(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return "^" + chr(code + 0x40)
    if code == 0x7F:
        return "^?"
    return f"<U+{code:04X}>"


def clean(text: str, keep: str = "") -> str:
    """`text` with every acting or hiding character made visible, but for those in `keep` (a newline, a tab)."""

    def harmless(match: re.Match[str]) -> str:
        char = match.group()
        return char if char in keep or not is_acting(char) else _stand_in(char)

    return _SUSPECT.sub(harmless, text)


def has_acting(text: str, allowed: str = "") -> bool:
    """Whether a text holds a character that `clean` would replace, those in `allowed` aside."""
    return any(is_acting(char) and char not in allowed for char in _SUSPECT.findall(text))


def clean_value(value: str) -> str:
    """A cell's value as a problem may show it: cleaned, cut at 40 characters, anything with an `@` masked."""
    if "@" in value or "\uff20" in value:
        return "(hidden: looks like an e-mail address)"
    shown = clean(value[: VALUE_WIDTH + 1])
    return shown if len(value) <= VALUE_WIDTH and len(shown) <= VALUE_WIDTH else shown[: VALUE_WIDTH - 1] + "…"


def ascii_id(text: str) -> str:
    """An identifier as it may be shown when it is not a valid one: everything outside ASCII as an escape."""
    return clean(text.encode("ascii", "backslashreplace").decode("ascii"))
