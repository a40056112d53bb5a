"""What the design fixes for others to rely on, in one place for all tests."""

COVERAGE_COLUMNS = [
    "outlet_id", "outlet", "bloc", "aggregator", "country", "ownership", "languages", "side", "articles",
    "eligible", "included", "omitted", "not_yet_public", "not_observable", "reviewed", "share_included",
    "ci_low", "ci_high", "share_corrected", "corrected_low", "corrected_high", "not_corrected", "asserted",
    "attributed", "disputed", "in_headline", "in_lead", "reprints", "first_included_at", "example_url",
    "example_sentence",
]  # fmt: skip
"""The columns of coverage.csv and of the view `coverage`, in this order."""
