"""The review page in a real browser, the keyboard alone, and by an automated accessibility check.

The browser is the distribution's Chromium with its driver; without them these tests are left out, and say how
to get them.
"""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from axe_core_python import selenium as axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from gossi.analysis.codebook import load_codebook
from gossi.analysis.review.app import KEYS, review_app
from gossi.analysis.review.codings import read_codings
from gossi.analysis.review.desk import Desk
from gossi.analysis.review.questions import questions_of
from gossi.crawler.sample.articles import articles_of
from gossi.crawler.sample.model import Label, sample
from gossi.crawler.study.sources import StudyFolder
from tests.conftest import ROOT
from tests.test_review_app import QUESTIONS, code, drawn, study

__all__ = ["drawn", "study"]
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
questions = questions_of(load_codebook(ROOT / "claims.toml"))
letters = {asked.claim: (key, asked.about_topic) for key, asked in zip(KEYS, questions, strict=False)}
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="NO BROWSER: the review page is NOT tested; apt-get install chromium chromium-driver",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    """Chromium without a window, which asks nobody but this machine."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
        "--window-size=1280,900", f"--user-data-dir={tmp_path_factory.mktemp('browser')}",
    ):  # fmt: skip
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def show(browser: WebDriver) -> Iterator[Callable[[Desk], None]]:
    """Serves a desk's page, opens it, and ends the server with the test."""
    ends: list[Callable[[], None]] = []

    def open_page(place: Desk) -> None:
        app = review_app(place, "token", "A study", "Rule 1.\nRule 2.")
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()

        def end() -> None:
            browser.get("about:blank")
            server.should_exit = True
            thread.join(30)

        ends.append(end)
        browser.get(f"http://127.0.0.1:{listening.getsockname()[1]}/token/")

    yield open_page
    for end in ends:
        end()


def press(browser: WebDriver, *keys: str) -> None:
    """Press keys one by one, wherever the focus is."""
    for key in keys:
        webdriver.ActionChains(browser).send_keys(key).perform()


def confirm(browser: WebDriver) -> None:
    """Enter, and wait for the next page."""
    old = browser.find_element(By.TAG_NAME, "html")
    press(browser, Keys.ENTER)
    WebDriverWait(browser, 30).until(lambda _: _gone(old))
    WebDriverWait(browser, 30).until(lambda b: b.execute_script("return document.readyState") == "complete")


def _gone(element: Any) -> bool:
    try:
        element.is_enabled()
    except Exception:  # noqa: BLE001 - the driver has several words for an element that is gone
        return True
    return False


def shown(browser: WebDriver) -> str:
    """The headline of the article on the page."""
    return browser.find_element(By.CSS_SELECTOR, "#article h2 span").text


def kept(study: StudyFolder) -> list[dict[str, Any]]:
    """The codings on disk, in the order of time."""
    (folder,) = study.draws.iterdir()
    found = sorted(read_codings(folder), key=lambda coding: coding.time)
    return [coding.model_dump(include={"mode", "on_topic", "labels", "cannot", "note"}) for coding in found]


def violations(browser: WebDriver) -> list[str]:
    """What axe finds wrong by WCAG 2 A and AA, and controls under 24 by 24 CSS pixels (2.2, 2.5.8)."""
    found = axe.Axe().run(browser)["violations"]
    small: list[str] = browser.execute_script(
        "return [...document.querySelectorAll('button, input, textarea')]"
        ".filter(e => e.checkVisibility() &&"
        " (e.getBoundingClientRect().width < 24 || e.getBoundingClientRect().height < 24))"
        ".map(e => e.outerHTML)"
    )
    return [f"{v['id']}: {[n['html'] for n in v['nodes']]}" for v in found] + small


def test_an_article_is_coded_by_a_few_keys(
    browser: WebDriver, show: Callable[[Desk], None], study: StudyFolder
) -> None:
    """Two claims with sentences and stances, the topic, and on. Then back, changed, and on again."""
    place = Desk(study, QUESTIONS, "ada", "sample")
    show(place)
    first = shown(browser)
    keys = ["y", "a", "1", "x", "d", "0", "1", "w"]
    press(browser, *keys)
    assert len(keys) + 1 <= 12
    assert violations(browser) == []
    confirm(browser)
    assert shown(browser) != first
    expected = {
        "mode": "sample",
        "on_topic": True,
        "labels": {
            "mali.blame": {"stance": "disputed", "sentences": [0]},
            "france.burial": {"stance": "asserted", "sentences": [-1, 0]},
        },
        "cannot": None,
        "note": "",
    }
    assert kept(study) == [expected]
    old = browser.find_element(By.TAG_NAME, "html")
    press(browser, "u")
    WebDriverWait(browser, 30).until(lambda _: _gone(old))
    assert shown(browser) == first
    press(browser, "a", "a", ",")
    press(browser, "of note", Keys.ESCAPE)
    confirm(browser)
    del expected["labels"]["mali.blame"]  # type: ignore[attr-defined]
    assert kept(study) == [expected | {"note": "of note"}]


@pytest.mark.long(30)
def test_rules_reasons_and_what_is_missing(
    browser: WebDriver, show: Callable[[Desk], None], study: StudyFolder
) -> None:
    """The rules a key away; Enter without the topic says what is missing; a reason needs two keys."""
    show(Desk(study, QUESTIONS, "ada", "sample"))
    press(browser, "?")
    assert browser.find_element(By.ID, "rules").is_displayed()
    assert "Rule 2." in browser.find_element(By.CLASS_NAME, "rules").text
    assert violations(browser) == []
    press(browser, Keys.ESCAPE)
    assert not browser.find_element(By.ID, "rules").is_displayed()
    press(browser, Keys.ENTER)
    WebDriverWait(browser, 30).until(lambda b: "on topic" in b.find_element(By.ID, "problem").text)
    press(browser, "y", "a")
    press(browser, Keys.ENTER)
    WebDriverWait(browser, 30).until(lambda b: "name a sentence" in b.find_element(By.ID, "problem").text)
    press(browser, "q", "3")
    confirm(browser)
    assert kept(study) == [
        {"mode": "sample", "on_topic": False, "labels": {}, "cannot": "language", "note": ""}
    ]


@pytest.mark.long(30)
def test_two_codings_side_by_side(
    browser: WebDriver, show: Callable[[Desk], None], study: StudyFolder
) -> None:
    """Both are shown, one is taken by a key, and confirmed."""
    code(Desk(study, QUESTIONS, "ada", "sample"), mali_blame="attributed")
    ben = Desk(study, QUESTIONS, "ben", "second", share=1.0)
    code(ben, mali_blame="disputed")
    show(ben)
    assert "attributed: 1" in browser.find_element(By.ID, "pair").text
    assert "disputed: 1" in browser.find_element(By.ID, "pair").text
    assert violations(browser) == []
    press(browser, "2")
    confirm(browser)
    assert kept(study)[-1]["mode"] == "adjudicated"
    assert kept(study)[-1]["labels"] == {"mali.blame": {"stance": "disputed", "sentences": [0]}}
    assert "Nothing is left" in browser.find_element(By.TAG_NAME, "main").text
    assert violations(browser) == []


@pytest.mark.long(30)
def test_right_to_left_and_numbers_of_two_digits(
    browser: WebDriver,
    show: Callable[[Desk], None],
    study: StudyFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An Arabic article begins at the right; 1 2 is sentence 12, and 3 is 3 once another key follows."""
    place = Desk(study, QUESTIONS, "ada", "sample")
    lying = place.task()
    assert lying is not None
    task, text = lying
    arabic = replace(
        text,
        language="ar",
        headline="جملة في العنوان",
        sentences=tuple(f"جملة قصيرة رقم {number} في النص." for number in range(1, 15)),
    )
    monkeypatch.setattr(place, "task", lambda: (task, arabic))
    show(place)
    article = browser.find_element(By.ID, "article")
    number = article.find_elements(By.CSS_SELECTOR, "p .number")[0]
    assert number.location["x"] > article.location["x"] + article.size["width"] / 2
    press(browser, "y", "a", "1", "2", "3", "x")
    field = browser.find_element(By.CSS_SELECTOR, ".claim .sentences")
    assert field.get_attribute("value") == "12, 3"
    press(browser, Keys.BACKSPACE)
    assert field.get_attribute("value") == "12"
    number.click()
    assert field.get_attribute("value") == "12, 1"
    assert violations(browser) == []


@pytest.mark.long(20)
def test_nothing_but_this_machine_is_asked(
    browser: WebDriver, show: Callable[[Desk], None], study: StudyFolder
) -> None:
    """All that the page loads comes from its own address, and keys can be turned off (WCAG 2.1.4)."""
    show(Desk(study, QUESTIONS, "ada", "sample"))
    names = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    own = browser.execute_script("return location.origin")
    assert names
    assert all(name.startswith(own) for name in names)
    browser.find_element(By.ID, "single-keys").click()
    press(browser, "y")
    assert browser.execute_script("return document.querySelector('input[name=topic]:checked')") is None
    browser.find_element(By.ID, "single-keys").click()


def keys_for(sentences: int, labels: Mapping[str, Label]) -> list[str]:
    """The keys by which an article on topic is coded so, without the last one, Enter."""
    keys = [] if any(letters[claim][1] for claim in labels) else ["y"]
    for claim, label in labels.items():
        keys.append(letters[claim][0])
        for number in label.sentences:
            digits = str(number + 1)
            could_go_on = 0 < int(digits) * 10 <= sentences and number != label.sentences[-1]
            keys += [*digits, *([" "] if could_go_on else [])]
        keys += {"attributed": [], "asserted": ["w"], "disputed": ["x"]}[label.stance]
    return keys


@pytest.mark.long(30)
def test_the_samples_median_article_takes_twelve_keys(
    browser: WebDriver,
    show: Callable[[Desk], None],
    study: StudyFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of those on topic, where there is most to code; by these keys the page has what its labels say."""
    articles = [
        article for outlet in sample().outlet for article in articles_of(outlet.id) if article.on_topic
    ]
    articles.sort(key=lambda article: len(keys_for(len(article.text), article.labels)))
    median = articles[len(articles) // 2]
    keys = keys_for(len(median.text), median.labels)
    assert len(keys) + 1 <= 12
    place = Desk(study, questions, "ada", "sample")
    lying = place.task()
    assert lying is not None
    task, text = lying
    text = replace(text, headline=median.headline, sentences=tuple(median.text))
    monkeypatch.setattr(place, "task", lambda: (task, text))
    show(place)
    press(browser, *keys)
    confirm(browser)
    (coding,) = kept(study)
    assert coding["on_topic"]
    assert coding["labels"] == {
        claim: {"stance": label.stance, "sentences": sorted(label.sentences)}
        for claim, label in median.labels.items()
    }
    assert violations(browser) == []
