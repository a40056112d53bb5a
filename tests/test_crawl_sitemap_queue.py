"""In which order an outlet's sitemaps are asked."""

from gossi.crawler.crawl.sitemap_queue import MAX_SITEMAP_DEPTH, MAX_WAITING, SitemapQueue


def drained(queue: SitemapQueue) -> list[str]:
    """The sitemaps in the order in which they come."""
    return [url for url, _ in iter(queue.pop, None)]


def test_the_window_comes_first_then_what_was_asked_longest_ago() -> None:
    """What was never asked comes before what was; else as the indexes name them."""
    queue = SitemapQueue({"a": 1, "b": 3, "d": 2, "w": 3})
    queue.add(["a", "b", "c", "w", "v"], {"w", "v"}, 1)
    queue.add(["d", "a", "e"], {"e"}, 2)
    assert len(queue) == 8 - 1
    assert drained(queue) == ["v", "e", "w", "c", "a", "d", "b"]
    queue.add(["a", "f"], {"a"}, 1)
    assert drained(queue) == ["f"]


def test_what_is_nested_too_deep_is_refused() -> None:
    """It is counted, and never asked."""
    queue = SitemapQueue({})
    queue.add(["a", "b", "a"], {"a"}, MAX_SITEMAP_DEPTH + 1)
    assert (drained(queue), queue.refused) == ([], 2)


def test_a_trap_does_not_fill_the_memory() -> None:
    """What is beyond the room is counted, and what was asked in an earlier run makes room for it."""
    names = [f"{n}" for n in range(MAX_WAITING + 10)]
    queue = SitemapQueue(dict.fromkeys(names[:20], 1))
    queue.add(names, (), 1)
    assert (len(queue), queue.never_asked) == (len(names), len(names) - 20)
    assert drained(queue) == [*names[20:], *names[:10]]
