"""A study: sources.toml read and checked, its window and outlets."""
