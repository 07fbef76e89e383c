"""Ids that sort by the moment they were made, and secrets that cannot be guessed."""

import hashlib
import secrets
import threading
import time
from datetime import UTC, datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_lock = threading.Lock()
_last = 0


def new_id(after: str = "") -> str:
    """A 16-character id: milliseconds since 1970 and 32 random bits, in base 32.

    Within one process every id is larger than the one before, so `ORDER BY id` is the order of making. It is larger
    than `after` too: another process may have made that, with a clock that is ahead.
    """
    global _last
    with _lock:
        number = max((time.time_ns() // 1_000_000) << 32 | secrets.randbits(32), _last + 1, _number(after) + 1)
        _last = number
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


def new_secret() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is stored of a secret: its SHA-256 in hex. The secret has 256 bits itself, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def first_id(moment: datetime) -> str:
    """The smallest id that `new_id` can make at this moment: what is larger was made then or later."""
    number = int(moment.timestamp() * 1000) << 32
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


def made_at(made_id: str) -> datetime:
    """The moment (UTC) at which `new_id` made this id."""
    return datetime.fromtimestamp((_number(made_id) >> 32) / 1000, UTC)


def _number(made_id: str) -> int:
    number = 0
    for char in made_id:
        number = number << 5 | _ALPHABET.index(char)
    return number
