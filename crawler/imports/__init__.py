"""Takes in WARC files and JSON Lines without the network."""
