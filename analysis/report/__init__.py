"""Writes the coverage report: CSV files, the page, the summary in the terminal."""
