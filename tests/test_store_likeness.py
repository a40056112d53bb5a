"""Comparing texts: which are one article's, and what of a text counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gossi.crawler.store.likeness import essence, is_anothers

GRAVE = """The French army showed drone pictures that were taken near its former base at Gossi in Mali.
Its general staff said that the pictures show Russian mercenaries covering bodies with sand.
The Malian general staff announced the same evening that a mass grave had been found near the camp.
It said that the state of the bodies showed the grave to be older than the handover of the base."""

MARKET = """A spokesman of the regional assembly said on Monday that Gossi had been calm since the handover.
Market traders told the station that lorries from the south had come back after three weeks.
The assembly meets again in the second week of the month to speak about the road and the bridge.
Its last part near the river was washed away by the rains of the year before and was not mended since."""


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("The grave at Gossi", GRAVE),
        ("An entirely new headline", GRAVE.replace("showed drone", "published satellite")),
        ("The grave at Gossi", GRAVE.partition("\n")[0]),
        ("The grave at Gossi", "Read the whole on the web."),
        ("Gossi: the grave", ""),
        ("", "Read the whole on the web."),
        ("Mali", f"{MARKET}\n{GRAVE}"),
    ],
)
def test_a_twin_is_not_another_article(headline: str, text: str) -> None:
    """Edited, cut short, a link to the whole, without a headline, with more around it."""
    assert not is_anothers(headline, text, "The grave at Gossi", GRAVE)
    assert not is_anothers("The grave at Gossi", GRAVE, headline, text)


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("The road to Gossi", MARKET),
        ("The grave at Gossi", MARKET),
        ("Market traders are back", MARKET.partition("\n")[0]),
    ],
)
def test_another_article_is_told_by_its_text(headline: str, text: str) -> None:
    """Also under the same headline; a short one by its headline too."""
    assert is_anothers(headline, text, "The grave at Gossi", GRAVE)
    assert is_anothers("The grave at Gossi", GRAVE, headline, text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("23 views", "1 024 views"),
        ("Views: 23", "Views: 1.2K"),
        ("(Visited 23 times, 1 visits today)", "(Visited 29 times, 2 visits today)"),
        ("Affichages : 345", "Affichages : 399"),
        ("عدد المشاهدات: 45", "عدد المشاهدات: 49"),
        ("Okunma: 23", "Okunma: 25"),
        ("阅读：23", "阅读：25"),
        ("| 1 comment |", ""),
        (
            "Lu 23 fois depuis sa publication sur notre site",
            "Lu 24 fois depuis sa publication sur notre site",
        ),
        ("Published 59 minutes ago by the newsroom", "Published 1 hour ago by the newsroom"),
        ("Publié il y a 5 heures", "Publié il y a 2 jours"),
        ("Il y a 3 semaines", "Il y a 1 mois"),
        ("5 saat önce", "2 gün önce"),
        ("11 months ago", "1 year ago"),
        ("5 часов назад", "6 часов назад"),
        ("منذ 5 ساعات", "منذ 6 ساعات"),
        ("23 comments on this article so far, join", "24 comments on this article so far, join"),
        ("Read also: the minister spoke about herring", "Read also: the minister spoke about cod"),
        ("À lire aussi : le hareng", "À lire aussi : la morue"),
        ("Advertisement: buy now", "Advertisement"),
        ("— Someone (@x) April 22, 2022", "— Someone (@x) 22 avril 2022"),
        ("Last modified on Friday, 22 April 2022 10:00", "Last modified on Sunday, 24 April 2022 08:00"),
        ("Mis à jour le 22 avril 2022 à 10h00.", "Mis à jour le vendredi 23 avril 2022 à 11h15."),
        ("", "Dernière mise à jour : 23/04/2022 - 11:15"),
        (
            "Publié le 22 avril 2022 à 10h00",
            "Publié le 22 avril 2022 à 10h00 | Mis à jour le 23 avril 2022 à 11h15",
        ),
        ("Última actualización: viernes, 22 de abril de 2022, a las 18:03", ""),
        ("Stand: 22.04.2022 18:03 Uhr", "Stand: 23.04.2022 10:03 Uhr"),
        ("Обновлено: 22.04.2022, 18:03 МСК", "Обновлено: 23 апреля 2022, 10:00"),
        ("آخر تحديث: الجمعة 22 أبريل 2022 18:03", "آخر تحديث: 23 أبريل 2022 10:03"),
        ("Son güncelleme: 22 Nisan 2022 18:03", "Son güncelleme: 23 Nisan 2022 10:03"),
        ("更新时间：2022年4月22日 18:03", "更新时间：2022-04-23 10:03"),
        ("Updated: April 22, 2022 at 6:03 pm EDT", "Updated: April 23, 2022 at 6:07 am CEST"),
        ("5/5 - (1 vote)", "4.5/5 - (12 votes)"),
        ("Average rating 4.5 / 5. Vote count: 12", "No votes so far! Be the first to rate this post."),
        ("Рейтинг: 4.5/5 (голосов: 12)", "Рейтинг: 4.2/5 (голосов: 15)"),
    ],
)
def test_furniture_does_not_count(before: str, after: str) -> None:
    """Counters, ratings, times gone by, dates of changes, others' titles, advertisements in lines apart."""
    assert essence("Gossi", f"{GRAVE}\n{before}\n{MARKET}") == essence("Gossi", f"{GRAVE}\n{after}\n{MARKET}")


def test_a_count_of_messages_before_the_title_does_not_count() -> None:
    """It is the reader's, not the article's."""
    assert essence("(3) The grave", GRAVE) == essence("(12) The grave", GRAVE) == essence("The grave", GRAVE)
    assert essence("20 dead", GRAVE) != essence("23 dead", GRAVE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The army counted 20 bodies.", "The army counted 23 bodies."),
        ("20 bodies in the sand", "23 bodies in the sand"),
        ("Il y a 20 morts à Gossi", "Il y a 23 morts à Gossi"),
        ("20 killed 5 hours ago", "23 killed 5 hours ago"),
        ("20 tués il y a 3 mois", "23 tués il y a 3 mois"),
        ("13 votes for an inquiry", "14 votes for an inquiry"),
        ("The video had 20 views.", "The video had 23 views."),
        ("Related deaths rise to 20", "Related deaths rise to 23"),
        ("22 April 2022", "23 April 2022"),
        ("Update of 22 April 2022: 20 dead", "Update of 22 April 2022: 23 dead"),
        ("Mise à jour 22 avril 2022 : le bilan passe à 12 morts", "Mise à jour 23 avril 2022 : 15 morts"),
        ("Updated 22 April 2022 with 20 bodies", "Updated 22 April 2022 with 23 bodies"),
        ("Revised toll: 20 on 22 April 2022", "Revised toll: 23 on 22 April 2022"),
        ("The map was updated on 22 April 2022.", "The map was updated on 23 April 2022."),
        ("3/5 of the bodies were found", "4/5 of the bodies were found"),
    ],
)
def test_an_edit_counts(before: str, after: str) -> None:
    """Figures of a sentence, and of a short line that is no counter."""
    assert essence("Gossi", f"{GRAVE}\n{before}") != essence("Gossi", f"{GRAVE}\n{after}")


@given(st.lists(st.text(alphabet="ab 19:()@—", max_size=8).map(lambda words: f"{words}.")), st.integers(0, 9))
def test_sentences_count_whole(sentences: list[str], figure: int) -> None:
    """Whatever a text holds, a figure that changes in a sentence makes another one of it."""
    text = "\n".join(sentences)
    one, other = (essence("", f"{text}\nThey were {number}.") for number in (figure, figure + 1))
    assert one != other
