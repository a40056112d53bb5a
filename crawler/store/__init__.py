"""The store (DuckDB): where collecting ends and analysis begins."""
