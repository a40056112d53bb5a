"""Reads web archives in bulk: a file at a time, each in a process of its own, on this machine or on many."""
