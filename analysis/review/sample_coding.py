"""Codes a drawn sample of the sample study as its makers' labels have it: what a right coder would write.

So a newcomer sees estimated figures beside raw ones, and a test knows what they must cover.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from gossi.analysis.codebook import Codebook
from gossi.analysis.measuring.query import query
from gossi.analysis.review.codings import Label, PersonsCoding, append_coding
from gossi.analysis.review.draw import draw_sample
from gossi.analysis.review.draws import Draw
from gossi.analysis.review.questions import claim_digest
from gossi.crawler.sample.addresses import origin, path_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import Article, sample
from gossi.crawler.study.sources import StudyFolder
from gossi.crawler.web.canonical import canonical_url

CODER = "labels"
"""The name of the coder whose word is that of the sample's labels."""

_SEED = 1
"""Any number: each run of the sample draws the same."""


def code_sample(folder: StudyFolder, codebook: Codebook, base_port: int, texts: int) -> Draw:
    """Draw so many texts of the sample study and code them by their labels.

    Args:
        folder: the sample study, crawled and analysed.
        codebook: its codebook.
        base_port: the port of the first outlet, for the articles' addresses.
        texts: to draw.

    Raises:
        UsageError: nothing has come since an earlier draw.
    """
    draw, _ = draw_sample(folder.published_file, folder.draws, texts, seed=_SEED)
    urls: dict[str, str] = dict(
        query(folder.published_file, "SELECT article_id, canonical_url FROM articles")[1]
    )
    known = {url: article for article, url in _addresses(base_port)}
    asked = {claim.id: claim_digest(claim.statement) for claim in codebook.claims}
    for drawn in draw.articles:
        article = known[urls[drawn.article]]
        append_coding(
            folder.draws / draw.draw,
            PersonsCoding(
                id=drawn.article,
                version=drawn.version,
                coder=CODER,
                time=datetime.now(UTC).replace(microsecond=0),
                mode="sample",
                on_topic=article.on_topic,
                claims=asked,
                labels={
                    claim: Label(stance=label.stance, sentences=label.sentences)
                    for claim, label in article.labels.items()
                    if claim in asked
                },
            ),
        )
    return draw


def _addresses(base_port: int) -> Iterator[tuple[Article, str]]:
    for outlet in sample().outlet:
        for article in articles_of(outlet.id):
            yield article, canonical_url(origin(outlet.id, base_port) + path_of(outlet, article))
