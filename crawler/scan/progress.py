"""How far a scan is."""

from dataclasses import dataclass


@dataclass
class ScanProgress:
    """How far a scan is; handed to the caller's hook now and then.

    `pages` and `articles` are those of the files read in this scan, of unfinished ones as far as is known.
    """

    files: int
    files_done: int = 0
    pages: int = 0
    articles: int = 0

    def seconds_left(self, seconds: float) -> float | None:
        """About how long the rest takes, after so many seconds; None where no file is done yet."""
        if not self.files_done:
            return None
        return seconds / self.files_done * (self.files - self.files_done)
