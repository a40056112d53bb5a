"""States, rates and views, in SQL."""
