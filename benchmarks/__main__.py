"""`make bench`: every benchmark, one after the other; or those named, as in `make bench ARGS=stage`.

With `make bench ARGS="core --points 5000000"` the file that is read in chunks is shorter.
"""

import argparse
from functools import partial

from benchmarks import (
    callers,
    choose,
    class_votes,
    classroom,
    cliffs,
    core,
    families,
    file,
    growth,
    hand,
    hostile,
    kmeans,
    mclust,
    memory,
    small,
    speed,
    stage,
    sweep,
    upload,
)

PARTS = {
    "speed": speed.main,
    "families": families.main,
    "cliffs": cliffs.main,
    "growth": growth.main,
    "memory": memory.main,
    "callers": callers.main,
    "sweep": sweep.main,
    "mclust": mclust.main,
    "kmeans": kmeans.main,
    "small": small.main,
}

parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
whole, parts = "core, stage, hand, choose, upload, hostile, classroom, votes", ", ".join(PARTS)
parser.add_argument("names", nargs="*", help=f"{whole}; or a part of core: file, {parts}")
parser.add_argument("--points", type=int, default=file.N_POINTS, help="in the file that is read in chunks")
chosen = parser.parse_args()

ALL = {
    "core": partial(core.main, chosen.points),
    "stage": stage.main,
    "hand": hand.main,
    "choose": choose.main,
    "upload": upload.main,
}
ALL |= {"hostile": hostile.main, "classroom": classroom.main, "votes": class_votes.main}
BENCHMARKS = ALL | PARTS | {"file": partial(file.main, chosen.points)}

for name in chosen.names or ALL:
    if name not in BENCHMARKS:
        parser.error(f"there is no benchmark {name!r}; choose from {', '.join(BENCHMARKS)}")
    print(f"\n== {name}", flush=True)
    BENCHMARKS[name]()
