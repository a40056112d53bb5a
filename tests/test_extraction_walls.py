"""Walls: a piece of an article is told from a whole one, and a whole one is not taken for a piece."""

import pytest

from crawler.extraction.extract import extract
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
