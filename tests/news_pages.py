"""News pages written for the tests: an article among the furniture that real pages have around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

PARAGRAPHS = (
    "The general staff said in a statement on Friday that its aircraft had filmed the burial near the base.",
    "The transitional government rejected the statement and announced an inquiry by the military court.",
    "A spokesperson for the ministry said that soldiers had found the graves two days after the handover.",
    "The embassy did not answer questions, and the company that was named could not be reached for comment.",
    "An organisation for human rights asked both governments to let independent experts examine the site.",
    "People from the town told a local radio station that no one had been allowed near the camp for years.",
)

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<title>{headline} | The Fictional Courier</title>
<meta property="og:site_name" content="The Fictional Courier">{head}</head>
<body>
<header class="site-header"><a href="/">The Fictional Courier</a>
<nav><ul><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article class="story"><h1>{headline}</h1>{above}
<div class="story-text">{text}</div>{below}</article>
<aside class="related"><h2>Read also</h2><ul>
<li><a href="/a">Football: the cup goes to extra time after a late goal</a></li>
<li><a href="/b">Weather: rain in the south until the weekend</a></li></ul></aside>
<section id="comments" class="comments"><h2>Comments</h2>
<div class="comment"><time datetime="2019-01-02T03:04:05Z">2 January 2019</time>
<p>A reader writes that the first report about this matter was wrong from beginning to end.</p></div>
</section></main>
<footer class="site-footer">Copyright 2022 The Fictional Courier. All rights reserved.</footer>
</body></html>"""


@dataclass
class NewsPage:
    """A page of a fictional outlet. `above` stands under the headline, `below` after the text."""

    headline: str = "Two governments disagree about graves near a camp"
    paragraphs: Sequence[str] = PARAGRAPHS
    language: str = "en"
    head: str = ""
    above: str = ""
    below: str = ""

    def __str__(self) -> str:
        """The page as HTML."""
        return _PAGE.format(
            headline=escape(self.headline, quote=False),
            language=self.language,
            head=self.head,
            above=self.above,
            below=self.below,
            text="\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in self.paragraphs),
        )

    def html(self) -> bytes:
        """The page as an outlet's server would send it."""
        return str(self).encode("utf-8")
