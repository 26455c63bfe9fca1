"""Who votes: a secret that the server gave to a browser, so that a page opened again is the same person."""

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
