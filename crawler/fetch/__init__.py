"""Asks for pages politely and says what came of each."""
