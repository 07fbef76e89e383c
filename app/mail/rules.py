"""When to try again, how much is too much, and what a refusal means in Dutch."""

from __future__ import annotations

import re
from datetime import timedelta

from app.core.limits import Limit, hours

# After a failed attempt: how long to wait before the next. After the last it is given up.
RETRY = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
KEPT = timedelta(days=180)  # how long is kept that a message was sent
LEASE = timedelta(minutes=15)  # as long a message stays taken by a sender that may have died; more than all time-outs
# Messages to one address. What a stranger can cause has a share of its own: it never stands in the way of the rest.
ASKED = ("device_code", "access_request")
TO_ONE_ASKED = Limit("mail-asked", 8, hours(24))
TO_ONE = Limit("mail", 12, hours(24))
BY_ONE = Limit("mail-by", 200, hours(24))  # messages that one person sends

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}\.)+[a-z]{{2,}}", re.I)


def fit(address: str) -> bool:
    """Whether a message can be sent to this address as it is written: one address, plain signs only."""
    local = address.rpartition("@")[0]
    odd = local.startswith(".") or local.endswith(".") or ".." in local
    return len(address) <= 200 and bool(_ADDRESS.fullmatch(address)) and not odd


def one_address(address: str) -> str:
    """The same for all ways to write one address: capitals, and what stands after a plus, make no other mailbox."""
    local, at, host = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{host}"


def to_one(kind: str) -> Limit:
    """How many messages of this kind and its like one address gets."""
    return TO_ONE_ASKED if kind in ASKED else TO_ONE


def refusal(code: int, status: str = "") -> str:
    """What a refusal means, from the code of SMTP (550) and, if given, the finer one (5.1.1). Never the server's words:
    those are English, and anybody could put anything in them."""
    finer = status[2:] if len(status) > 2 else ""
    number = status or str(code)
    if finer in ("1.1", "1.10", "1.6", "0.0") or (not finer and code in (550, 551, 553)):
        return f"dit adres bestaat waarschijnlijk niet ({number})"
    if finer in ("1.2", "4.4", "4.1", "4.3", "1.3") or finer.startswith("4."):
        return f"de mailserver van dit adres is niet te vinden of antwoordt niet ({number})"
    if finer == "2.1":
        return f"deze mailbox is gesloten ({number})"
    if finer == "2.2" or code == 552:
        return f"de mailbox is vol ({number})"
    if finer in ("3.4", "2.3"):
        return f"het bericht is te groot voor deze mailbox ({number})"
    if finer.startswith("7."):
        return f"de mailserver van dit adres houdt ons bericht tegen ({number})"
    return f"de mailserver weigerde het bericht ({number})"
