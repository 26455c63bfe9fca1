"""HAProxy's part: one address for all, and everybody stays with the process that holds their session."""

import os
import shutil
from collections.abc import Sequence

COOKIE = "lab_worker"

MISSING = (
    "make serve needs HAProxy, which shares people out among the processes: on Debian or Ubuntu run "
    "'sudo apt install haproxy', then this again. For up to three hundred people 'make run' needs none."
)

CONFIGURATION = """
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 300s
    timeout tunnel 1h
    option redispatch
    retries 3

frontend lab
    bind {bind}
    # Whoever asks is named anew, so that nobody can pass for this machine.
    http-request set-header X-Forwarded-For %[src]
    default_backend workers

backend workers
    balance leastconn
    # A cookie, and no rule by address: a whole school may sit behind one.
    cookie {cookie} insert indirect nocache httponly attr "SameSite=Lax"
    option httpchk GET /_stcore/health
    default-server check inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


def find_haproxy() -> str | None:
    """Where the program is; Debian puts it where only root's PATH looks."""
    return shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


def configuration(port: int, workers: Sequence[int], address: str = "*") -> str:
    """What HAProxy is told: to listen at that port, and to share people out among workers at those."""
    servers = [f"    server w{i} 127.0.0.1:{at} cookie w{i}" for i, at in enumerate(workers, 1)]
    return CONFIGURATION.format(bind=f"{address}:{port}", cookie=COOKIE, servers="\n".join(servers))
