"""Measures what the project promises of its speed; `python -m benchmarks` runs all and prints a table."""
