"""`make bench`: every benchmark, one after the other; or those named, as in `make bench ARGS=stage`."""

import sys

from benchmarks import core, stage

BENCHMARKS = {"core": core.main, "stage": stage.main}

for name in sys.argv[1:] or BENCHMARKS:
    print(f"\n== {name}\n", flush=True)
    BENCHMARKS[name]()
