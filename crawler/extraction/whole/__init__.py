"""Whether a text is all of its article: walls, teasers, parts, what scripts show."""
