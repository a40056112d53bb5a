"""Takes the parts of a scan into the store: each article once, whoever read its file, in whatever order."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from gossi.crawler.discovery.candidate import Candidate, Hint
from gossi.crawler.outcomes import Outcome
from gossi.crawler.page.ledger_entry import attributed
from gossi.crawler.page.verdict import Judge
from gossi.crawler.scan.part import Found, Head, Parts, read_articles, read_head
from gossi.crawler.store.ledger import Ledger
from gossi.crawler.store.store import Store
from gossi.crawler.study.sources import Sources, Study
from gossi.crawler.web.urls import clean_url, host_of

VIA = "scan"
"""How the store names captures that came out of an archive's file in bulk."""


class TakeIn:
    """Takes parts into the store.

    Args:
        sources: whose outlets are listed.
        study: the same study, with the window that this scan is for.
        all_outlets: whether articles of other outlets are taken in too, under the bloc `unlisted`; else these
            outlets are candidates, to be looked at and listed.
    """

    def __init__(
        self, store: Store, ledger: Ledger, sources: Sources, study: Study, *, all_outlets: bool
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._sources = sources
        self._judge = Judge(study)
        self._window = study.window
        self._all = all_outlets
        self.outcomes: Counter[str] = Counter()
        self.unlisted: Counter[str] = Counter()

    def take(self, parts: Parts, digests: Iterable[str]) -> None:
        """Take in parts, in one order, whichever was read first: by when their files were captured.

        What was taken in before is left out, so that a part whose taking in was broken off, or of which only
        some outlets were wanted, is completed.
        """
        heads = [read_head(parts.path(digest)) for digest in digests]
        for head in sorted(heads, key=lambda head: (str(head.first_at), head.digest)):
            self._take(parts, head)

    def _take(self, parts: Parts, head: Head) -> None:
        rows = self._store.con.execute(
            "SELECT warc_offset FROM attempt WHERE warc_file = ? AND via = ?", [head.evidence, VIA]
        ).fetchall()
        noted = {offset for (offset,) in rows}
        out_of_window: Counter[tuple[str, str, str]] = Counter()
        for found in read_articles(parts.path(head.digest)):
            if found.offset not in noted and not self._article(head, found):
                day = found.fetched_at.date().isoformat()
                out_of_window[host_of(found.url), day, Outcome.OUT_OF_WINDOW.value] += 1
            self._ledger.flush_if_full()
        self._counts(parts.topic, head, head.counts + out_of_window)
        self._ledger.flush()

    def _article(self, head: Head, found: Found) -> bool:
        """Take in an article, or its outlet as a candidate; False where the article is out of the window.

        Of those nothing is entered but their number: a scan with another window may want them.
        """
        verdict = self._judge.by_text(found.text, self._hint(found))
        if verdict.article is None:
            return False
        host, outlet_id = host_of(found.url), attributed(self._sources, "", found.url, found.asked)
        if not outlet_id:
            row = (found.url, host, found.text.language, found.country)
            self._store.append("scanned_article", [row], "OR IGNORE")
            if not self._all:
                self._candidate(head, found, host)
                return True
            outlet_id = self._store.unlisted_outlet(host)
        outcome, detail = self._ledger.take_as(
            verdict.outcome, verdict.article, outlet_id, found.asked, found.fetched_at
        )
        self.outcomes[outcome.value] += 1
        self._ledger.attempt(
            outlet_id=outlet_id,
            kind="page",
            url=found.asked,
            final_url=found.url,
            fetched_at=found.fetched_at,
            http_status=found.status,
            outcome=outcome,
            detail=detail,
            via=VIA,
            warc_file=head.evidence,
            warc_offset=found.offset,
            digest=found.digest,
        )
        return True

    def _candidate(self, head: Head, found: Found, host: str) -> None:
        self.outcomes[Outcome.UNLISTED.value] += 1
        self.unlisted[host] += 1
        candidate = Candidate(clean_url(found.url), host, VIA, head.source, listed=False)
        self._ledger.frontier.enter([candidate], self._window)

    def _hint(self, found: Found) -> Hint:
        """What listings say of the article's date, as the store has read them."""
        stated = self._ledger.frontier
        known = stated.stated(clean_url(found.url)) or stated.stated(found.asked)
        return Hint.of(known.published, known.precision, known.found_by) if known else Hint()

    def _counts(self, topic: str, head: Head, counts: Counter[tuple[str, str, str]]) -> None:
        """Note the file, and what its other pages were, under the outlets that are listed now."""
        con = self._store.con
        con.execute("DELETE FROM scanned_page WHERE digest = ?", [head.digest])
        row = con.execute(
            "SELECT run_id FROM scanned_file WHERE digest = ? AND topic = ?", [head.digest, topic]
        ).fetchone()
        run_id = row[0] if row else self._ledger.run_id
        file = (
            head.digest, run_id, head.source, head.size, topic, head.evidence or None, head.pages,
            head.articles, head.problems,
        )  # fmt: skip
        self._store.append("scanned_file", [file], "OR REPLACE")
        owners: dict[str, str] = {}
        rows = []
        for (host, day, outcome), pages in counts.items():
            if host not in owners:
                owners[host] = attributed(self._sources, "", f"https://{host}/") or host
            rows.append((head.digest, host, owners[host], date.fromisoformat(day), outcome, pages))
            self.outcomes[outcome] += pages
        self._store.append("scanned_page", rows)
