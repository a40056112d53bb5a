"""Matches sentences with the claims of the codebook and leaves evidence."""
