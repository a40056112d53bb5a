"""What `gossi` makes of what stops it.

Also tests crawler/errors.py.
"""

import pytest

from gossi.analysis.cli.main import guarded


def test_an_interrupt_in_a_query_is_told_as_any(capsys: pytest.CaptureFixture[str]) -> None:
    """DuckDB tells of a Ctrl-C by an error of its own."""

    def query() -> None:
        raise RuntimeError("Query interrupted")

    assert guarded(query) == 130
    assert capsys.readouterr().err == "gossi: interrupted; run the same command again to go on\n"
