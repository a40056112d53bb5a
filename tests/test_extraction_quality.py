"""A floor under extraction's quality, over every article of the sample in its outlet's own template."""

from benchmarks.shingles import score
from gossi.crawler.extraction.extract import extract
from gossi.crawler.sample.addresses import path_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import SampleOutlet, sample
from gossi.crawler.sample.site import Site

# Raise these when extraction gets better; lowering one needs a reason in the commit.
FLOOR = 0.995
FLOOR_PER_OUTLET = 0.98

PORT = 18300


def pairs(outlet: SampleOutlet) -> list[tuple[str, str]]:
    """(True text, extracted text) of the outlet's articles that its pages show whole."""
    site = Site(outlet, PORT)
    found = []
    for article in articles_of(outlet.id):
        if article.case not in {"paywall", "consent_wall", "archived"}:
            path = path_of(outlet, article)
            text = extract(site.answers[path].body, site.origin + path).text
            found.append((" ".join(article.text), text))
    return found


def test_the_texts_of_all_designs_are_found_and_nothing_else() -> None:
    """Shingles of four words in common with the true texts, as the article-extraction-benchmark counts."""
    by_outlet = {outlet.id: pairs(outlet) for outlet in sample().outlet}
    scores = {name: score(texts).f1 for name, texts in by_outlet.items() if texts}
    assert {name: value for name, value in scores.items() if value < FLOOR_PER_OUTLET} == {}
    assert score([pair for texts in by_outlet.values() for pair in texts]).f1 >= FLOOR
