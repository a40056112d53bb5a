"""The command line: gossi."""
