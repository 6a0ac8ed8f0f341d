"""One plain spelling for all text: quotes, apostrophes, spaces, and old German orthography.

The keyboard types plain `'` and `"`, so the model has to see nothing else.
"""

import re
import unicodedata
from collections.abc import Mapping

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛´`ʼ", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\t", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff", None),
        "›": "'",
        "‹": "'",
        "…": "...",
    }
)
_SPACES = re.compile(r" {2,}")
_OLD_GERMAN = re.compile(r"\b[A-Za-zÄÖÜäöü]*(?:ß|[Tt]h|ey)[A-Za-zÄÖÜäöüß]*")
_OLD_WORDS = {
    "giebt": "gibt", "giebst": "gibst", "gieb": "gib", "gieng": "ging", "giengen": "gingen", "fieng": "fing",
    "hieng": "hing", "ergiebt": "ergibt", "seyn": "sein", "sey": "sei", "seyd": "seid", "bey": "bei", "frey": "frei",
    "zwey": "zwei", "drey": "drei", "theil": "Teil", "theils": "teils", "allmälig": "allmählich",
    "gescheidt": "gescheit", "todt": "tot", "todten": "toten", "brod": "Brot", "waare": "Ware", "schooß": "Schoß",
}  # fmt: skip
_OLD_WORD = re.compile(r"\b(?:" + "|".join(_OLD_WORDS) + r")\b", re.IGNORECASE)


def normalise(line: str) -> str:
    """The line in NFC with plain quotes, apostrophes and single spaces."""
    line = unicodedata.normalize("NFC", line).translate(_PLAIN)
    return _SPACES.sub(" ", line).strip()


def modernise(line: str, frequency: Mapping[str, int]) -> str:
    """German orthography from before 1901 and 1996 in today's spelling.

    A word with `ß`, `th` or `ey` changes only where today's subtitles (`frequency`, lower-cased) hold the new
    spelling more often than the old one, so `Straße` and `Theater` stay.
    """

    def by_frequency(match: re.Match[str]) -> str:
        word = match.group()
        new = word.replace("ß", "ss").replace("th", "t").replace("Th", "T").replace("ey", "ei")
        return new if frequency.get(new.lower(), 0) > frequency.get(word.lower(), 0) else word

    def by_table(match: re.Match[str]) -> str:
        new = _OLD_WORDS[match.group().lower()]
        return new.capitalize() if match.group()[0].isupper() else new.lower()

    return _OLD_WORD.sub(by_table, _OLD_GERMAN.sub(by_frequency, line))


def casual(line: str) -> str:
    """The line as many type it on a phone: no capitals, no full stop at the end."""
    return line.lower().rstrip(".!")
