"""Decoding pages: what they say of their charset, and what their bytes say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.extraction.charset import declared_charset, decode

RUSSIAN = "Министерство обороны сообщило, что рядом с базой обнаружено массовое захоронение"
ARABIC = "أعلنت هيئة الأركان أنها عثرت على مقبرة جماعية بالقرب من القاعدة"
FRENCH = "L'armée a filmé près de la base des hommes en train d'ensevelir des corps « déjà décédés »"
TURKISH = "Ordu, üssün yakınlarında cesetleri gömen kişileri görüntülediğini söyledi"


def page(text: str, label: str = "") -> str:
    """A page that labels itself, or does not."""
    meta = f'<meta charset="{label}">' if label else ""
    return f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (ARABIC, "windows-1256"),
        (ARABIC, "iso-8859-6"),
        (FRENCH, "iso-8859-1"),
        (TURKISH, "iso-8859-9"),
        ("軍は基地の近くで遺体を埋める男たちを撮影したと述べた", "shift_jis"),
        ("軍は基地の近くで遺体を埋める男たちを撮影したと述べた", "iso-2022-jp"),
        ("军方表示在基地附近拍摄到掩埋尸体的人", "gb2312"),
        (RUSSIAN, "utf-16"),
    ],
)
def test_a_rightly_labelled_page_is_read_by_header_or_meta(text: str, charset: str) -> None:
    """A charset in the HTTP header or in the page is followed where it is right."""
    assert text in decode(page(text).encode(charset), charset)
    assert text in decode(page(text, charset).encode(charset))


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize(
    ("text", "charset"),
    [(RUSSIAN, "windows-1251"), (ARABIC, "windows-1256"), (FRENCH, "windows-1252"), (RUSSIAN, "utf-8")],
)
def test_a_wrong_label_does_not_spoil_the_text(text: str, charset: str, label: str | None) -> None:
    """The usual wrong labels are overruled by what the bytes look like."""
    assert text in decode(page(text).encode(charset), label)


def test_a_bom_comes_before_the_header() -> None:
    """A byte order mark decides, as browsers have it."""
    assert declared_charset("\ufeff<p>é".encode("utf-8"), "iso-8859-1") == "utf-8"
    assert RUSSIAN in decode(page(RUSSIAN).encode("utf-16"), "utf-8")


def test_a_label_that_is_no_charset_is_ignored() -> None:
    """Codecs of Python that are no charsets, and made-up names, are not followed."""
    for label in ("rot13", "idna", "unicode_escape", "x-made-up", ""):
        assert declared_charset(b"<p>", label) is None
        assert FRENCH in decode(page(FRENCH).encode(), label)


def test_a_page_that_calls_itself_utf_16_in_plain_bytes_is_not() -> None:
    """A meta element that can be read shows that the page is not in UTF-16."""
    assert FRENCH in decode(page(FRENCH, "utf-16").encode())


def test_a_few_broken_bytes_do_not_change_the_charset() -> None:
    """A UTF-8 page with some torn letters is still read as UTF-8."""
    html = page(RUSSIAN * 5).encode() + b"\xd0 \xff"
    assert RUSSIAN in decode(html, "utf-8")


def test_nul_characters_are_left_out() -> None:
    """NUL bytes between the letters do not get into the text."""
    assert FRENCH in decode(page(FRENCH).replace("base", "b\x00ase").encode())


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=20)))
def test_no_bytes_and_no_label_make_it_fail(html: bytes, label: str | None) -> None:
    """Whatever comes, text without NUL comes out."""
    assert "\x00" not in decode(html, label)
