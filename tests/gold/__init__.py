"""The coded articles and the floors that the coder must reach on them."""
