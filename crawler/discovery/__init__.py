"""Finds candidate URLs of an outlet; one module a way of finding."""
