"""What can come of asking for a URL, and what each outcome means. Every candidate ends in exactly one.

The enum alone says so: the crawl asks again by it, and `collection` counts by the table that publishing makes
of it (measured.outcome).
"""

from enum import Enum, StrEnum, auto


class Standing(StrEnum):
    """Where `collection` counts a page. Each page is in exactly one of them, so that the columns add up."""

    FETCHED = "fetched"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_ASKED = "not_asked"


class Trait(Enum):
    """What else is to be known of an outcome."""

    MAY_PASS = auto()  # it may be another the next time: the next run asks again
    INCOMPLETE = auto()  # answered, but the article cannot be read whole: not observable
    WALL = auto()  # something else stands in the article's place


_F, _R, _X, _N = Standing.FETCHED, Standing.REFUSED, Standing.FAILED, Standing.NOT_ASKED
_PASSING, _PARTIAL, _WALL = Trait.MAY_PASS, Trait.INCOMPLETE, Trait.WALL


class Outcome(StrEnum):
    """The outcome of an attempt, as it stands in the store.

    `standing` is that of a page that was asked for; one that its listing dated out of the window was not.
    """

    standing: Standing
    traits: frozenset[Trait]

    def __new__(cls, word: str, standing: Standing, *traits: Trait) -> "Outcome":
        """Of its word in the store, and what it means."""
        outcome = str.__new__(cls, word)
        outcome._value_ = word
        outcome.standing = standing
        outcome.traits = frozenset(traits)
        return outcome

    WAITING = "waiting", _N
    ON_TOPIC = "on_topic", _F  # fetched, passed the topic gate, extracted
    OFF_TOPIC = "off_topic", _F  # fetched, names none of the topic's terms
    LISTING = "listing", _F  # a feed, sitemap, archive's index or robots.txt that was read
    NOT_MODIFIED = "not_modified", _F
    DUPLICATE = "duplicate", _F  # another URL of an article already taken in, with the same text
    OUT_OF_WINDOW = "out_of_window", _F
    EXTRACTION_FAILED = "extraction_failed", _X, _PASSING, _PARTIAL
    PAYWALL = "paywall", _R, _PARTIAL
    CONSENT_WALL = "consent_wall", _R, _PASSING, _PARTIAL, _WALL
    BOT_WALL = "bot_wall", _R, _PASSING, _PARTIAL, _WALL
    SOFT_404 = "soft_404", _X
    REDIRECT_HOME = "redirect_home", _X
    ROBOTS = "robots", _R, _PASSING
    GONE = "gone", _X  # 404, 410
    REFUSED = "refused", _R, _PASSING  # 401, 403, 429, 451
    SERVER_ERROR = "server_error", _X, _PASSING
    UNREACHABLE = "unreachable", _X, _PASSING  # no answer, or not all of it: DNS, connection, TLS
    TIMEOUT = "timeout", _X, _PASSING
    TOO_LARGE = "too_large", _X  # for us, or for the archive that cut it off
    NOT_HTML = "not_html", _F
    LIMIT = "limit", _N  # left for a later run: the outlet's max_pages was reached
    UNLISTED = "unlisted", _N  # found, but of an outlet that sources.toml does not have: never asked for
    FORBIDDEN_ADDRESS = "forbidden_address", _X  # file:, data:, an address of this machine or network

    @property
    def may_pass(self) -> bool:
        """Whether it may be another the next time: the next run asks again."""
        return Trait.MAY_PASS in self.traits

    @property
    def is_incomplete(self) -> bool:
        """Whether the page was answered, but its article cannot be read whole: not observable."""
        return Trait.INCOMPLETE in self.traits

    @property
    def is_wall(self) -> bool:
        """Whether something else stands in the article's place, which says nothing of it."""
        return Trait.WALL in self.traits

    @classmethod
    def of_text(cls, observability: str) -> "Outcome":
        """The outcome of an article by how much of its text is there: the same word, but for a whole one."""
        if observability == "full":
            return cls.ON_TOPIC
        return cls(observability)  # type: ignore[call-arg]  # an enum is called with the value alone
