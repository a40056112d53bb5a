"""The sample web: fictional outlets on loopback, whose true coverage is known from hand-coded texts."""
