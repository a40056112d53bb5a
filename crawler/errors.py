"""What can go wrong in a way that a user can mend; each message says the next step."""

IN_A_QUERY = "Query interrupted"
"""What DuckDB says in a RuntimeError where a Ctrl-C meets it at work."""


class GossiError(Exception):
    """A failure with a message for the user. `exit_code` is what the command ends with."""

    exit_code = 2


class ConfigError(GossiError):
    """sources.toml, claims.toml or the lexicon is missing or wrong; names the file, the table and the key."""

    exit_code = 1


class UsageError(GossiError):
    """The command was called in a way that can't work."""

    exit_code = 1


class StoreError(GossiError):
    """The data folder or a database in it can't be used."""


class InputError(GossiError):
    """A file to be read is missing or not of its form."""


def no_room_for_languages(error: OSError) -> GossiError:
    """The model by which languages are told could not be unpacked: that takes a temporary file of 68 MB."""
    return GossiError(
        f"no language can be told ({error}): its model is unpacked in the temporary folder, into 70 MB a "
        "core; make room there, or name another folder in TMPDIR, then run the same command again"
    )
