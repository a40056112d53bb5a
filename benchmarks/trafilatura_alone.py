"""What `throughput` holds the crawl against: trafilatura by itself, on as many cores as the crawl has.

`python -m benchmarks.trafilatura_alone text N` extracts the text of N pages on topic, `whole` headline, date
and the rest of trafilatura's metadata too. It prints how many it got a text of. A core is slower while its
neighbour works, so what is compared with a crawl over all cores must keep them all busy as well.
"""

import multiprocessing
import os
import sys

import trafilatura

from benchmarks.news_site import news_page

_PAGES = [news_page(number, on_topic=True) for number in range(40)]
"""Made before the processes are forked, which have them without asking; some are enough: each is alike."""


def _text_of(number: int) -> bool:
    document = trafilatura.bare_extraction(_PAGES[number % len(_PAGES)], with_metadata=sys.argv[1] == "whole")
    return bool(getattr(document, "text", None))


if __name__ == "__main__":
    # Forked, so that no page has to be sent; nothing else runs in this process that a fork could harm.
    pool = multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0)))
    found = sum(pool.map(_text_of, range(int(sys.argv[2])), chunksize=1))
    # Ended and not killed: only of a child that was waited for is the time told.
    pool.close()
    pool.join()
    sys.stdout.write(str(found))
