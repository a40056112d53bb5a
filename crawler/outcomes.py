"""What can come of asking for a URL. Every candidate ends in exactly one; `collection` counts them."""

from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of an attempt, as it stands in the store."""

    WAITING = "waiting"
    ON_TOPIC = "on_topic"  # fetched, passed the topic gate, extracted
    OFF_TOPIC = "off_topic"  # fetched, names none of the topic's terms
    LISTING = "listing"  # a feed, sitemap, archive's index or robots.txt that was read
    NOT_MODIFIED = "not_modified"
    DUPLICATE = "duplicate"  # another URL of an article already taken in, with the same text
    OUT_OF_WINDOW = "out_of_window"
    EXTRACTION_FAILED = "extraction_failed"
    PAYWALL = "paywall"
    CONSENT_WALL = "consent_wall"
    BOT_WALL = "bot_wall"
    SOFT_404 = "soft_404"
    REDIRECT_HOME = "redirect_home"
    ROBOTS = "robots"
    GONE = "gone"  # 404, 410
    REFUSED = "refused"  # 401, 403, 429, 451
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"  # no answer, or not all of it: DNS, connection, TLS
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"  # for us, or for the archive that cut it off
    NOT_HTML = "not_html"
    LIMIT = "limit"  # left for a later run: the outlet's max_pages was reached
    UNLISTED = "unlisted"  # found, but of an outlet that sources.toml does not have: never asked for
    FORBIDDEN_ADDRESS = "forbidden_address"  # file:, data:, an address of this machine or network


INCOMPLETE = frozenset({Outcome.PAYWALL, Outcome.CONSENT_WALL, Outcome.BOT_WALL, Outcome.EXTRACTION_FAILED})
"""Outcomes of a page that was answered but whose article cannot be read whole: not observable."""
