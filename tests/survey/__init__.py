"""The estimator against an independent survey package."""
