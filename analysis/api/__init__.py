"""Gossi Coverage from Python: whose accounts did an outlet give, and whose did it leave out?

    import gossi

    study = gossi.open(".")                       # a folder with sources.toml, claims.toml, lexicon/
    study.run()                                   # crawl, analyse, report
    study.sql("FROM coverage").df()               # needs pandas; .fetchall(), .pl() and others do not
    for article in gossi.extract("pages.warc.gz"):
        print(article["headline"], article["published"])
    for coding in gossi.align(gossi.extract("page.html"), study):
        print(coding["labels"])

All of it works in a script without `if __name__ == "__main__"`, in a notebook and from standard input: no
worker process imports the caller's main module. What goes wrong in a way that a user can mend raises a
GossiError, whose message says the next step.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gossi.crawler.errors import ConfigError, GossiError, InputError, StoreError, UsageError
    from gossi.crawler.imports.extract_files import ExtractReport
    from gossi.study import Study, open  # noqa: A004 - gossi.open, as one says gzip.open
    from gossi.texts import align, extract

_HOMES = {
    "gossi.crawler.errors": ("ConfigError", "GossiError", "InputError", "StoreError", "UsageError"),
    "gossi.crawler.imports.extract_files": ("ExtractReport",),
    "gossi.study": ("Study", "open"),
    "gossi.texts": ("align", "extract"),
}

__all__ = [
    "ConfigError",
    "ExtractReport",
    "GossiError",
    "InputError",
    "StoreError",
    "Study",
    "UsageError",
    "align",
    "extract",
    "open",
]


def __getattr__(name: str) -> object:
    """Load what is asked for, and only then: each worker and command imports this package."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'gossi' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
