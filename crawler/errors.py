"""What can go wrong in a way that a user can mend; each message says the next step."""


class GossiError(Exception):
    """A failure with a message for the user. `exit_code` is what the command ends with."""

    exit_code = 2


class ConfigError(GossiError):
    """sources.toml or claims.toml is missing or wrong; names the file, the table and the key."""

    exit_code = 1


class UsageError(GossiError):
    """The command was called in a way that can't work."""

    exit_code = 1


class StoreError(GossiError):
    """The data folder or a database in it can't be used."""


class InputError(GossiError):
    """A file to be read is missing or not of its form."""
