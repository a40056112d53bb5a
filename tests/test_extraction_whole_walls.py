"""Walls: a piece of an article is told from a whole one, and a whole one is not taken for a piece.

Also tests crawler/extraction/whole/visible_text.py and crawler/extraction/whole/wall_words.py.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest

from gossi.crawler.extraction.extract import extract
from gossi.crawler.extraction.whole.visible_text import letters_of
from gossi.crawler.extraction.whole.wall_words import phrases, rules
from gossi.crawler.sample.model import FOLDER
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT
from tests.news_pages import PARAGRAPHS, NewsPage

URL = "https://courier.example/world/graves"

NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'

# Some 600 words: longer than any teaser.
LONG = [f"{paragraph} This is told in chapter {number}." for number in range(5) for paragraph in PARAGRAPHS]


def observed(page: NewsPage | str, url: str = URL) -> str:
    """The observability of a page."""
    return extract(str(page).encode(), url).observability


@pytest.mark.parametrize("flag", ["false", '"False"', '"http://schema.org/False"'])
def test_a_flagged_teaser_is_a_paywall(flag: str) -> None:
    """A few sentences on a page that says of itself that it is not free."""
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], head=NOT_FREE % flag)) == "paywall"


def test_a_teaser_flagged_in_microdata_is_a_paywall() -> None:
    """Where the flag is that of the article or of a part of it, and not of a teaser of another one."""
    flag = '<meta itemprop="isAccessibleForFree" content="false">'
    part = '<div itemprop="hasPart" itemscope itemtype="https://schema.org/WebPageElement">{}</div>'
    other = '<div itemscope itemtype="https://schema.org/NewsArticle">{}</div>'

    def flagged(below: str) -> str:
        page = str(NewsPage(paragraphs=PARAGRAPHS[:2], below=below))
        return observed(page.replace('class="story"', 'class="story" itemscope'))

    assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], head=flag)) == "paywall"
    assert flagged(flag) == flagged(part.format(flag)) == "paywall"
    assert flagged('<link itemprop="isAccessibleForFree" href="https://schema.org/False">') == "paywall"
    assert flagged(other.format(flag)) == flagged(flag.replace("false", "true")) == "full"


def test_a_flagged_whole_article_is_full() -> None:
    """Many sites send the whole article and hide nothing; the flag alone says little."""
    assert observed(NewsPage(paragraphs=LONG, head=NOT_FREE % "false")) == "full"


def test_a_short_free_article_is_full() -> None:
    """A news flash is short because there is no more of it, whatever classes its site's templates have."""
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:1])) == "full"
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], head=NOT_FREE % "true")) == "full"
    header = '<div class="paywall-user-name">Log in</div>'
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], above=header)) == "full"


@pytest.mark.parametrize(
    "offer",
    [
        "Subscribe to continue reading this article.",
        "Cet article est réservé aux abonnés. Pour lire la suite, identifiez-vous.",
        "Contenido exclusivo para suscriptores: suscríbete para seguir leyendo.",
        "Доступно по подписке. Чтобы читать дальше, войдите.",
        "هذا المحتوى للمشتركين فقط. اشترك لمتابعة القراءة.",
        "Jetzt weiterlesen mit unserem Angebot.",
    ],
)
def test_a_teaser_with_an_offer_is_a_paywall(offer: str) -> None:
    """In each language, an offer to read on after a few sentences marks a teaser."""
    page = NewsPage(paragraphs=PARAGRAPHS[:2], below=f'<div class="offer"><p>{offer}</p></div>')
    assert observed(page) == "paywall"


def test_an_offer_in_the_site_s_header_marks_nothing() -> None:
    """Every page of such a site has it there."""
    page = str(NewsPage(paragraphs=PARAGRAPHS[:2])).replace(
        "<nav>", "<p>Already a subscriber? Subscribe to continue reading.</p><nav>"
    )
    assert observed(page) == "full"


def test_an_offer_under_a_whole_article_marks_nothing() -> None:
    """The same words under a long text advertise other articles."""
    assert (
        observed(NewsPage(paragraphs=LONG, below="<p>Subscribe to continue reading our archive.</p>"))
        == "full"
    )


def test_a_count_of_what_is_kept_back_is_believed_at_any_length() -> None:
    """Where the page tells how much is missing, it is missing."""
    below = "<p>Il vous reste 61.3% de cet article à lire. La suite est réservée.</p>"
    assert observed(NewsPage(paragraphs=LONG[:12], below=below)) == "paywall"


def test_a_text_shorter_than_the_page_says_is_a_paywall() -> None:
    """JSON-LD that counts 900 words beside 300 in the text, on a page that is not free."""
    head = NOT_FREE % 'false, "wordCount": %d'
    assert observed(NewsPage(paragraphs=LONG[:14], head=head % 900)) == "paywall"
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:4], head=head % 70)) == "full"


@pytest.mark.parametrize(
    "html",
    [
        "<title>Before you continue</title><body><p>We and our partners store and access"
        " information on a device. Accept all cookies or manage your cookie preferences.</p>",
        "<body><p>Nous et nos partenaires utilisons des cookies.</p><button>Tout accepter</button>"
        "<button>Continuer sans accepter</button>",
        "<body><p>Мы используем файлы cookie. Прежде чем продолжить, дайте согласие на обработку данных.</p>",
        "<body><p>نحن وشركاؤنا نخزن المعلومات على الجهاز.</p><button>قبول جميع ملفات تعريف الارتباط</button>",
    ],
    ids=["en", "fr", "ru", "ar"],
)
def test_a_consent_wall_is_known(html: str) -> None:
    """A page that asks for consent in the article's place."""
    assert observed(f"<html><head>{html}</body></html>") == "consent_wall"


def test_a_consent_wall_is_known_by_its_host() -> None:
    """Walls to which outlets redirect have hosts of their own."""
    html = "<html><body><p>One moment, please.</p></body></html>"
    assert observed(html, "https://consent.courier.example/collect?next=x") == "consent_wall"


def test_a_cookie_banner_beside_an_article_is_no_wall() -> None:
    """Nearly every page has one."""
    banner = '<div id="didomi-popup"><p>We and our partners use cookies. Accept all cookies?</p></div>'
    for paragraphs in (PARAGRAPHS, PARAGRAPHS[:2], LONG):
        page = str(NewsPage(paragraphs=paragraphs)).replace("<body>", f"<body>{banner}")
        assert observed(page) == "full"


@pytest.mark.parametrize(
    "html",
    [
        "<title>Just a moment...</title><body><p>Checking your browser before accessing courier.example.</p>"
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate.js"></script>',
        "<title>courier.example</title><body><p>Please enable JS and disable any ad blocker</p>"
        '<script src="https://ct.captcha-delivery.com/c.js"></script>',
        "<title>Access Denied</title><body><h1>Access Denied</h1><p>You have no permission here.</p>",
        "<title>x</title><body><p>Проверка вашего браузера. Подтвердите, что вы не робот.</p>",
        "<title>x</title><body><p>Vérifiez que vous êtes humain pour continuer vers le site.</p>",
    ],
    ids=["challenge", "captcha", "denied", "ru", "fr"],
)
def test_a_bot_wall_that_answers_200_is_known(html: str) -> None:
    """A challenge, in whatever language, is not an article."""
    assert observed(f"<html><head>{html}</body></html>") == "bot_wall"


def test_a_captcha_in_a_comment_form_is_no_wall() -> None:
    """Article pages load captchas for their readers' letters."""
    captcha = '<form id="challenge-form"><div class="g-recaptcha"></div></form>'
    assert observed(NewsPage(below=captcha)) == "full"
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:3], below=captcha)) == "full"


def test_a_report_on_robots_and_denied_access_is_an_article() -> None:
    """The words of a wall in a report do not make it one."""
    said = (
        "Reporters who asked to see the site were told that access denied is the only answer they would get."
    )
    assert observed(NewsPage(paragraphs=[*PARAGRAPHS[:3], said])) == "full"


TEXTS = tomllib.loads((Path(__file__).parent / "wall_texts.toml").read_text(encoding="utf-8"))
KINDS = {
    "paywall": "paywall",
    "consent": "consent_wall",
    "region": "bot_wall",
    "blocker": "bot_wall",
    "script": "extraction_failed",
    "error": "extraction_failed",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_wall_under_a_headline_is_known_in_every_language(language: str) -> None:
    """The headline may name the topic: without this, all that the article says would be left out of it."""
    menu = "".join(f'<a href="/{n}">Menu {n}</a>' for n in range(60))
    found = {}
    for kind, text in TEXTS[language].items():
        teaser = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>" if kind == "paywall" else ""
        lines = "".join(f"<p>{line}</p>" for line in re.split(r"(?<=[.。।])\s*", text) if line)
        body = f"<nav>{menu}</nav><h1>Graves near Gossi</h1>{teaser}{lines}"
        found[kind] = observed(f'<html lang="{language}"><body>{body}</body></html>')
    assert found == KINDS


def test_every_language_of_the_study_has_its_walls() -> None:
    """A new outlet's language needs words for its walls."""
    languages = {language for outlet in StudyFolder(ROOT).sources().outlet for language in outlet.languages}
    assert languages - set(TEXTS) == set()
    known = [rules()[wall][group] for wall, group in GROUPS]
    assert [language for words in known for language in languages - set(words)] == []


GROUPS = [
    ("paywall", "kept"),
    ("paywall", "promo"),
    ("more", "links"),
    ("more", "elsewhere"),
    ("consent", "phrases"),
    ("consent", "words"),
    ("refusal", "phrases"),
    ("failure", "phrases"),
    ("bot", "phrases"),
    ("bot", "alone"),
]


@pytest.mark.parametrize(
    ("wall", "group"),
    [pair for pair in GROUPS if pair not in {("more", "links"), ("bot", "alone"), ("consent", "words")}],
)
def test_no_phrase_of_a_wall_occurs_in_a_coded_article(wall: str, group: str) -> None:
    """What an article tells is not taken for what stands in its place."""
    texts = []
    for path in (*(ROOT / "coded" / "training").glob("*.jsonl"), FOLDER / "articles.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            texts.append(letters_of(" ".join([article["headline"], *article["text"]])))
    assert len(texts) > 500
    assert [phrase for phrase in phrases(wall, group) if any(phrase in text for text in texts)] == []


PAYWALL = '<div class="paywall"><p>Subscribe</p></div>'


@pytest.mark.parametrize(
    "flag",
    [
        '"isAccessibleForFree": false',
        '"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": false, "cssSelector": ".rest"}',
        '"hasPart": [{"isAccessibleForFree": "True"}, {"isAccessibleForFree": "False"}]',
    ],
)
def test_a_flagged_text_of_unknown_length_is_a_paywall_up_to_300_words(flag: str) -> None:
    """Long teasers have 150 words; where the page says that it has no more, it is believed."""
    head = '<script type="application/ld+json">{"@type": "NewsArticle", %s%s}</script>'
    assert observed(NewsPage(paragraphs=LONG[:8], head=head % (flag, ""))) == "paywall"
    assert observed(NewsPage(paragraphs=LONG[:8], head=head % (flag, ', "wordCount": 180'))) == "full"
    assert observed(NewsPage(paragraphs=LONG[:16], head=head % (flag, ""))) == "full"


def test_a_flag_beside_the_article_counts() -> None:
    """On the page's own node, or in a meta element; of another article's node it says nothing."""
    article = '{"@type": "NewsArticle", "headline": "x"}'
    graph = f'<script type="application/ld+json">{{"@graph": [{article}, %s]}}</script>'
    page = '{"@type": "WebPage", "isAccessibleForFree": "False"}'
    other = '{"@type": "NewsArticle", "isAccessibleForFree": false}'
    assert observed(NewsPage(paragraphs=LONG[:8], head=graph % page)) == "paywall"
    assert observed(NewsPage(paragraphs=LONG[:8], head=graph % other)) == "full"
    tier = '<meta property="article:content_tier" content="%s">'
    assert observed(NewsPage(paragraphs=LONG[:8], head=tier % "locked")) == "paywall"
    assert observed(NewsPage(paragraphs=LONG[:8], head=tier % "free")) == "full"


def test_a_metered_page_is_whole_unless_its_text_breaks_off() -> None:
    """The first articles of a month are free there."""
    tier = '<meta property="article:content_tier" content="metered">'
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], head=tier)) == "full"
    assert observed(NewsPage(paragraphs=[*LONG[:8], "The general staff said that …"], head=tier)) == "paywall"


@pytest.mark.parametrize("count", [4, 8, 11])
def test_an_offer_to_read_on_right_behind_the_text_is_a_paywall_up_to_300_words(count: int) -> None:
    """Other offers, of which the page may have more, count beside a teaser of 120 words only."""
    offer = '<div class="offer"><p>%s</p></div>'
    kept = offer % "The rest of this article is for members only. Sign in to continue."
    assert observed(NewsPage(paragraphs=LONG[:count], below=kept)) == "paywall"
    sold = offer % "Get unlimited access from 1 euro. Already a subscriber?"
    assert observed(NewsPage(paragraphs=LONG[:count], below=sold)) == ("paywall" if count == 4 else "full")


@pytest.mark.parametrize("count", [4, 8, 20])
def test_a_text_that_breaks_off_beside_a_paywall_is_its_teaser(count: int) -> None:
    """At any length below 600 words; a whole text beside the same markup is whole."""
    cut = [*LONG[:count], "The spokesperson who had seen the pictures said that …"]
    assert observed(NewsPage(paragraphs=cut, below=PAYWALL)) == "paywall"
    assert observed(NewsPage(paragraphs=LONG[:count], below=PAYWALL)) == "full"


def test_what_is_not_shown_marks_nothing() -> None:
    """Templates hold offers in store that a script shows to those who have read too much."""
    for hidden in ('style="display: none"', "hidden"):
        offer = f'<div class="paywall" {hidden}><p>Subscribe to continue reading.</p></div>'
        assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], below=offer)) == "full"
        assert observed(NewsPage(paragraphs=[*LONG[:8], "And then …"], below=offer)) == "full"


@pytest.mark.parametrize(
    "count",
    [
        "Il vous reste 61.5 % de cet article à lire.",
        "You have 70% of this article left to read.",
        "Noch 82 % des Artikels",
        "Te queda un 70% por leer",
        "残り1234文字（全文2000文字）",
    ],
)
def test_a_count_of_what_is_kept_back_is_believed_wherever_it_stands(count: str) -> None:
    """Outside of what was extracted too, and beside a text of any length."""
    page = str(NewsPage(paragraphs=LONG)).replace("</main>", f"<div><span>{count}</span></div></main>")
    assert observed(page) == "paywall"


@pytest.mark.parametrize(
    "above",
    [
        '<div class="top">Already a subscriber? Sign in to continue.</div>',
        '<div class="topbar"><a href="/login">Déjà abonné ?</a> Réservé aux abonnés</div>',
    ],
)
def test_an_offer_above_the_headline_marks_nothing(above: str) -> None:
    """Every page of such a site has it there, in a header element or not."""
    page = str(NewsPage(paragraphs=PARAGRAPHS[:2])).replace("<main>", f"{above}<main>")
    assert observed(page) == "full"


def test_a_note_between_headline_and_teaser_is_a_mark() -> None:
    """There it is of this article."""
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], above="<p>Réservé aux abonnés</p>")) == "paywall"
    assert observed(NewsPage(paragraphs=LONG[:8], above="<p>Réservé aux abonnés</p>")) == "full"


@pytest.mark.parametrize(
    "below",
    [
        "<p>Cet espace de commentaires est réservé aux abonnés.</p>",
        "<p>Subscribe to read our newsletter every Friday.</p>",
        "<p><span>Article réservé à nos abonnés</span> <span>Lire aussi</span> <a href='/b'>Autre</a></p>",
        '<div class="related"><p>Réservé aux abonnés</p><a href="/b">Un autre article ici</a></div>',
    ],
    ids=["comments", "letters", "read also", "related"],
)
def test_an_offer_of_something_else_marks_nothing(below: str) -> None:
    """To comment, to get letters, or to read another article."""
    assert observed(NewsPage(paragraphs=PARAGRAPHS[:2], below=below)) == "full"


@pytest.mark.parametrize(
    "said",
    [
        "Investigators said that access denied was the only answer that they had got at the camp.",
        "Two soldiers were killed at a security check near the town on Friday, the army said in a statement.",
    ],
)
def test_a_news_flash_with_a_wall_s_words_on_a_page_with_little_else_is_whole(said: str) -> None:
    """In a sentence or a headline they are a report's; standing alone they are a wall's."""
    page = "<html><head><title>{0}: what is known</title></head><body><h1>{0} at Gossi</h1>{1}</body></html>"
    for words in ("Access denied", "Security check"):
        assert observed(page.format(words, f"<p>{said}</p><p>{PARAGRAPHS[0]}</p>")) == "full"
        assert observed(page.format(words, f"<p>{words}</p><p>{PARAGRAPHS[0]}</p>")) == "bot_wall"


def test_a_banner_extracted_with_an_article_makes_it_no_wall() -> None:
    """Most of the text is the article's: two paragraphs of it are enough."""
    banner = "We and our partners use cookies on this website. You can withdraw your consent."
    assert observed(NewsPage(paragraphs=[banner, *PARAGRAPHS[:2]])) == "full"
    assert (
        observed(NewsPage(paragraphs=[banner, banner, "Menu and settings of this website"])) == "consent_wall"
    )


def test_a_news_flash_beside_a_banner_is_whole() -> None:
    """One sentence is less than a caption may have, and still more than the banner is."""
    banner = '<div id="banner"><p>We use cookies. Accept all cookies?</p></div>'
    page = str(NewsPage(paragraphs=PARAGRAPHS[:1])).replace("<body>", f"<body>{banner}")
    assert observed(page) == "full"


def test_a_short_report_that_ends_whole_is_full_though_its_page_is_flagged() -> None:
    """It is 200 words long, or an agency's sign is at its end, and no offer is beside it."""
    flag = NOT_FREE % "false"
    assert observed(NewsPage(paragraphs=LONG[:12], head=flag)) == "full"
    signed = [*PARAGRAPHS[:4], "The results are to be published in autumn. (AFP)"]
    assert observed(NewsPage(paragraphs=signed, head=flag)) == "full"
    for offer in (
        "<p>Subscribe to continue reading.</p>",
        "<p>Get unlimited access from 1 euro.</p>",
        PAYWALL,
    ):
        assert observed(NewsPage(paragraphs=LONG[:12], head=flag, below=offer)) == "paywall"
    assert observed(NewsPage(paragraphs=[*LONG[:12], "And then …"], head=flag)) == "paywall"


JAPANESE = (
    "政府は二十四日、川の近くで遺体が見つかったと発表し、家族には夜のうちに市長から伝えられたと説明した。",
    "目撃者によると、三日間にわたりトラックが村を通り、誰も近づくことを許されなかったという。",
)


def test_japanese_and_chinese_are_counted_by_their_signs() -> None:
    """Some 400 signs are an article, beside whose end the site sells; 100 are a teaser there."""
    sold = "<p>有料会員になると有料記事もお読みいただけます。今すぐ登録。</p>"
    assert observed(NewsPage(paragraphs=JAPANESE * 4, language="ja", below=sold)) == "full"
    assert observed(NewsPage(paragraphs=JAPANESE, language="ja", below=sold)) == "paywall"


DIALOG = "".join(
    f"<p>We and our partners use cookies to {purpose}, and you may change your mind about it at any time.</p>"
    for purpose in ("count visits", "choose adverts", "know your device", "sell more", "find you", "keep you")
)


@pytest.mark.parametrize(
    "box", ['<div id="cmp-box">{}</div>', '<div class="gdpr-overlay" hidden>{}</div>', "<div>{}</div>"]
)
@pytest.mark.parametrize("count", [2, 4])
def test_a_short_article_beside_a_consent_dialog_is_read(box: str, count: int) -> None:
    """The dialog is the longer of both, and stands first."""
    page = str(NewsPage(paragraphs=PARAGRAPHS[:count])).replace("<main>", box.format(DIALOG) + "<main>")
    found = extract(page.encode(), URL)
    assert (found.observability, found.text.split("\n")) == ("full", list(PARAGRAPHS[:count]))
