"""Runs the benchmarks and prints a table of what was measured, the targets, and whether they are met.

`python -m benchmarks` runs all, `python -m benchmarks gate throughput` some. CPU time is measured, not the
clock's, and of several rounds the quickest counts, so that other programs on the machine matter little.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.figure import Benchmark, Figure, Inputs, SkippedError

NAMES = ("gate", "extraction", "throughput", "scan", "alignment", "measuring")

_MARKS = {True: "yes", False: "NO", None: ""}


def main(words: Sequence[str] | None = None) -> int:
    """Run the benchmarks named; 0 where all targets are met, 3 where one is missed, 1 for a wrong word."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure what is promised of speed."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all by default")
    parser.add_argument(
        "--real-pages", type=Path, metavar="FILE.warc.gz", help="real pages, true texts in FILE.jsonl"
    )
    parser.add_argument("--articles", type=int, default=1_000_000, help="of the store that `measuring` makes")
    parser.add_argument("--real", type=Path, metavar="FILE", help="a file of CC-NEWS, which `scan` reads")
    given = parser.parse_args(words)
    if unknown := [name for name in given.names if name not in NAMES]:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}\n")
        return 1
    if given.real_pages and not given.real_pages.is_file():
        sys.stderr.write(f"{given.real_pages}: no such file; give --real-pages a WARC file or leave it out\n")
        return 1
    inputs = Inputs(given.real_pages, given.articles, given.real)
    rows = [row for name in given.names or NAMES for row in _rows(name, inputs)]
    print(_line("benchmark", "figure", "measured", "unit", "target", "met"))
    for name, figure in rows:
        value = f"{figure.value:.3f}"
        print(_line(name, figure.what, value, figure.unit, figure.target, _MARKS[figure.met]))
    return 3 if any(figure.met is False for _, figure in rows) else 0


def _line(*cells: str) -> str:
    name, what, value, unit, target, met = cells
    return f"{name:<12}{what:<50}{value:>10}  {unit:<16}{target:<16}{met}"


def _rows(name: str, inputs: Inputs) -> list[tuple[str, Figure]]:
    print(f"{name} …", flush=True)
    begin = time.perf_counter()
    run: Benchmark = import_module(f"benchmarks.{name}").run
    rows: list[tuple[str, Figure]] = []
    try:
        for figure in run(inputs):
            print(f"  {figure.what}: {figure.value:.3f} {figure.unit}", flush=True)
            rows.append((name, figure))
    except SkippedError as skipped:
        print(f"  left out: {skipped}")
    print(f"  {time.perf_counter() - begin:.0f} s")
    return rows


if __name__ == "__main__":
    sys.exit(main())
