"""The one text type at the edge: everything a person types passes through here before it is kept or shown."""

import unicodedata

MAX_LINE = 300
MAX_TEXT = 10_000
MAX_MARKS = 30  # on one letter; no script needs more (UAX #15, stream-safe text)


def clean(value: str, *, lines: bool = True) -> str:
    """NFC, no control characters, no lone surrogates, no NUL; line ends are one newline; outer space is removed.

    With `lines=False` newlines and tabs become spaces. Directional overrides and other invisible format characters
    that can make a text read differently from what it is are dropped; the joiners that emoji and some scripts need
    stay.
    """
    if value.isascii() and value.isprintable():  # nearly all that is typed; ten times as fast
        return value.strip()
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    for char in value:
        if char == "\n" or char == "\t":
            kept.append(char if lines else " ")
        elif unicodedata.category(char) in ("Cc", "Cs", "Cn"):
            continue
        elif char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029":
            kept.append("\n" if char in "\u2028\u2029" and lines else "")
        else:
            kept.append(char)
    return composed("".join(kept)).strip()


def composed(text: str) -> str:
    """The text in NFC. Of an endless row of loose accents only the beginning stays: putting accents in order takes time
    by the square of how many there are."""
    if unicodedata.is_normalized("NFC", text):  # looks at every character once
        return text
    return _few_marks(unicodedata.normalize("NFC", _few_marks(text)))  # composing can make two of one


def _few_marks(text: str) -> str:
    kept, row = [], 0
    for char in text:
        row = row + 1 if unicodedata.category(char)[0] == "M" else 0
        if row <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def first_words(value: str, limit: int = 140) -> str:
    """The text itself, or its beginning up to a whole word with '…'."""
    if len(value) <= limit:
        return value
    return value[:limit].rsplit(None, 1)[0].rstrip(",;:. ") + " …"


def listing(words: list[str] | tuple[str, ...], last: str = "en") -> str:
    """'De Linde, Op Weg en Ark'."""
    words = [w for w in words if w]
    if len(words) < 2:
        return words[0] if words else ""
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, one: str, many: str) -> str:
    """'1 afspraak', '4 afspraken', 'geen afspraken'."""
    return f"geen {many}" if number == 0 else f"{number} {one if number == 1 else many}"


_NUMBERS = ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"]


def in_words(number: int) -> str:
    """'vier' for 4; figures above twelve, as Dutch texts do."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def inside(name: str) -> str:
    """The name of a party inside a sentence: 'Gemeente Meerwijk' becomes 'de gemeente Meerwijk'."""
    return "de g" + name[1:] if name.startswith("Gemeente ") else name


def capital(text: str) -> str:
    """The text with a capital first letter; the rest is left alone ('ij' becomes 'IJ', 'één' becomes 'Eén')."""
    if text[:2] == "ij":
        return "IJ" + text[2:]
    if text[:3] == "één":
        return "Eén" + text[3:]
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: capital first, full stop at the end unless it ends otherwise."""
    text = text.strip()
    if not text:
        return ""
    return capital(text) + ("" if text[-1] in ".!?…:" or text[-2:] in (".'", ".’", "?’", "!’") else ".")


def size_text(size: int) -> str:
    """A number of bytes in words: '12 kB', '2,1 MB'."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",").replace(",0 ", " ")
