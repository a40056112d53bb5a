"""The one way of a captured page: topic gate, verdict, what is entered of it."""
