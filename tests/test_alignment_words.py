"""analysis/alignment/words.py: what counts as a word and when two are the same."""

from hypothesis import given
from hypothesis import strategies as st

from gossi.analysis.alignment.words import cut, fold, forms_of, words_of


def test_words_are_parted_by_apostrophes_and_hyphens() -> None:
    """An elided article is a word of its own."""
    assert words_of("L'armée n'a-t-elle rien dit ?") == ["L", "armée", "n", "a", "t", "elle", "rien", "dit"]


def test_vowel_signs_do_not_part_a_word() -> None:
    """Arabic ornaments are left out before words are cut."""
    assert words_of("جُثَث غـــوسي") == ["جثث", "غوسي"]


def test_breaks_stand_before_the_word_that_follows() -> None:
    """A quotation's end is known by the word behind it."""
    words, breaks, _ = cut('"We left", said Paris - again.')
    assert words == ["We", "left", "said", "Paris", "again"]
    assert breaks == {0, 2, 4, 5}


def test_folding_makes_spellings_equal() -> None:
    """Case, accents, hamza, ya, ta marbuta and letters without decomposition."""
    assert fold("ENTERRÉ") == fold("enterré") == "enterre"
    assert fold("مقبرة") == fold("مقبره")
    assert fold("أعلن") == fold("اعلن")
    assert fold("مالى") == fold("مالي")
    assert fold("Żołnierze") == "zolnierze"
    assert fold("Straße") == "strasse"
    assert fold("ещё") == fold("еще")


def test_arabic_forms_drop_what_is_attached() -> None:
    """Particles and a verb's prefixes; a Latin word has one form."""
    assert "تجسس" in forms_of(fold("للتجسس"))
    assert "دفنون" in forms_of(fold("ويدفنون"))
    assert forms_of("wagner") == ["wagner"]


@given(st.text(max_size=80))
def test_any_text_gives_words_that_fold(text: str) -> None:
    """Whatever stands in a page, words come out, and folding twice changes nothing."""
    words, breaks, _ = cut(text)
    assert words == words_of(text)
    assert all(0 <= place <= len(words) for place in breaks)
    for word in words:
        assert fold(fold(word)) == fold(word)
