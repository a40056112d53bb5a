"""Makes sample.csv, the sample that figures.py gives to a survey package: `python -m tests.survey.sample`."""

import csv
from pathlib import Path

from benchmarks.simulation import World, measure

SAMPLE = Path(__file__).with_name("sample.csv")

WORLD = World(articles=240, outlets=8, sample=60, errors=2, rho=0.2, copies=2)
SEED = 9

COLUMNS = ("stratum", "text", "weight", "fraction", "a", "b", "z")
"""Weight and sampling fraction of the stratum; what people say; the linearised residual over the total."""

_ROWS = """
SELECT stratum, text, weight, 1 / weight, (on_topic AND neglected)::INTEGER, on_topic::INTEGER,
       ((on_topic AND neglected)::INTEGER - (seen_topic AND seen_neglected)::INTEGER
        - first_share * (on_topic::INTEGER - seen_topic::INTEGER)) / ratio.b
FROM measured.sampled
JOIN (SELECT article_no, article_id FROM measured.article) AS article USING (article_no)
JOIN article_made ON article_id = 'a' || i
CROSS JOIN measured.ratio
WHERE weight IS NOT NULL AND scope = 'estimated' AND kind = 'bloc' AND unit = 'neglected.c' AND part = 'share'
ORDER BY i
"""


def main() -> None:
    """Write sample.csv."""
    with measure(WORLD, 1, SEED) as study, SAMPLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(study.execute(_ROWS).fetchall())


if __name__ == "__main__":
    main()
