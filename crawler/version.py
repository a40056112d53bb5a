"""The version of the code, as runs and the user agent carry it."""

from importlib.metadata import version


def code_version() -> str:
    """The installed version of the package, such as "0.1.0"."""
    return version("gossi-coverage")
