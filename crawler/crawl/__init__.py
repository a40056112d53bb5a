"""One crawl of a study: an outlet's course, services, progress, taking up what a kill left."""
