"""A small fictional web, served on loopback, with its own study and its known truth."""
