"""Which browser it is: a secret that the server gave to it, so that a page opened again is the same person.

Who has one may vote once in each room, and hold a teacher's few rooms. This keeps people from counting twice
by mistake, and makes a script slow: it cannot tell people apart. Whoever throws a browser's cookies away is
somebody new, and a script that takes as many cookies as a whole hall may (`server.voter`) can still take all
places of a room whose code it knows. Its teacher sees that, and opens another room.
"""

import hmac
import secrets

COOKIE = "lab_voter"


def new_cookie(key: str) -> str:
    """The value of the cookie for a browser that has none: a secret, and the server's word for it."""
    voter = secrets.token_urlsafe(18)
    return f"{voter}.{_signature(voter, key)}"


def voter_in(cookie: str, key: str) -> str | None:
    """The secret in a cookie that this server has given, or one with the same key; None for anything else."""
    voter, _, signature = cookie.partition(".")
    told = signature.encode("utf-8", "surrogatepass")
    return voter if hmac.compare_digest(told, _signature(voter, key).encode()) else None


def _signature(voter: str, key: str) -> str:
    return hmac.new(key.encode(), b"voter " + voter.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
