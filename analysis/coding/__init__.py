"""Codes article versions by the codebook and scores codings against human ones."""
