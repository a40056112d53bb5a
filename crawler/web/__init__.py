"""All knowledge of the web: URLs, addresses, names, robots.txt, pauses, encodings."""
