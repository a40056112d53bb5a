"""What came of a crawl. Apart from `crawl`, so that who only hears of it loads no Scrapy."""

from dataclasses import dataclass, field

from gossi.crawler.crawl.like_lines import condensed
from gossi.crawler.outcomes import Outcome, Standing


@dataclass(frozen=True)
class CrawlResult:
    """What came of a crawl.

    `failed` are the outlets of which nothing could be learnt, each with why. `gaps` has a line for each
    thing that may have been missed: a feed whose entries were all new, a service that did not answer.
    `taken_up` counts the pages of a killed run. `unlisted` are the hosts of pages that GDELT named and whose
    outlet is not in sources.toml. `reconsidered` counts the pages that were off topic by fewer terms.
    `study_changes` has a line for each edit of sources.toml that changes figures.
    """

    run_id: int
    outlets: int
    outcomes: dict[str, int]
    failed: dict[str, str]
    gaps: list[str] = field(default_factory=list)
    taken_up: int = 0
    unlisted: list[str] = field(default_factory=list)
    reconsidered: int = 0
    study_changes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 all well, 2 no outlet answered and no archive for it, 3 some did not."""
        if not self.failed:
            return 0
        fetched = {outcome for outcome in Outcome if outcome.standing is Standing.FETCHED} - {Outcome.LISTING}
        nothing = not any(self.outcomes.get(outcome) for outcome in fetched)
        return 2 if nothing and len(self.failed) == self.outlets else 3

    @property
    def message(self) -> str:
        """The outlets that failed, and why, on a line."""
        return "; ".join(condensed(sorted(self.failed.items()), "outlets"))
