"""Keeps what the network answered, as WARC: the evidence."""
