"""Makes figures.toml: what an independent survey package finds for the sample in sample.csv.

In an environment that has it (it is large, and needed for nothing else):
`pip install samplics==0.6.0 && python tests/survey/figures.py`.

A difference estimator is not among what such packages offer, but its parts are: the total of a variable over
a stratified sample of clusters, drawn without replacement, and a ratio of two such totals.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent

_HEAD = """\
# Made by tests/survey/figures.py with {package} from sample.csv.
"""


def main() -> int:
    """Write figures.toml."""
    import numpy as np  # noqa: PLC0415
    import samplics  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from samplics.estimation import TaylorEstimator  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    with (HERE / "sample.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    number = {name: column[name].astype(float) for name in ("weight", "fraction", "a", "b", "z")}
    design = {
        "samp_weight": number["weight"],
        "stratum": column["stratum"],
        "psu": column["text"],
        "fpc": {row["stratum"]: 1 - float(row["fraction"]) for row in rows},
    }
    share = TaylorEstimator(samplics.PopParam.ratio)
    share.estimate(y=number["a"], x=number["b"], **design)
    total = TaylorEstimator(samplics.PopParam.total)
    total.estimate(y=number["z"], **design)
    lines = [
        _HEAD.format(package=f"samplics {samplics.__version__}"),
        f"people_share = {share.point_est!r}",
        f"people_share_error = {share.stderror!r}",
        f"residual_error = {total.stderror!r}",
    ]
    (HERE / "figures.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
