"""A small codebook for tests of all that surrounds the matcher: two sides, three claims, two languages."""

import tomllib
from pathlib import Path

from gossi.analysis.codebook import CONCEPT_KEYS, Codebook, load_codebook
from tests.lexicons import TOPIC, write_lexicon

CLAIMS = """
[matching]
speech = ["say"]
according = ["according"]
OTHERS
carried = 1
anchors = ["town"]
essential = ["town"]
topic = ["town"]
topic_sentences = 2

[[side]]
id = "north"
name = "The North"
voices = ["north_voice"]

[[side]]
id = "south"
name = "The South"
voices = ["south_voice"]

[[claim]]
id = "north.grave"
side = "north"
paragraph = 2
public_since = 2022-04-22
source = "a made-up dispatch"
statement = "The South left the grave."

[[claim.frame]]
name = "grave"
here = ["grave"]

[[claim]]
id = "north.inquiry"
side = "north"
public_since = 2022-04-22T18:30:00+02:00
source = "a made-up dispatch"
statement = "The North inquires."

[[claim.frame]]
name = "inquiry"
here = ["inquiry"]

[[claim]]
id = "south.drone"
side = "south"
public_since = 2022-04-21
source = "a made-up dispatch"
statement = "A drone saw the North's men."

[[claim.frame]]
name = "drone"
here = ["drone"]

[[claim.frame]]
name = "pictures"
here = ["pictures"]
not_article = ["town"]

[concept.town]
en = ["Tinfiction"]
fr = ["Tinfiction"]

[concept.say]
en = ["said"]
fr = ["dit"]

[concept.according]
en = ["according to"]
fr = ["selon"]

[concept.north_voice]
en = ["capital"]
fr = ["capitale"]

[concept.south_voice]
en = ["staff"]
fr = ["état-major"]

[concept.grave]
en = ["grave"]
fr = ["charnier"]

[concept.inquiry]
en = ["inquiry"]
fr = ["enquête"]

[concept.drone]
en = ["drone"]
fr = ["drone"]

[concept.pictures]
en = ["pictures"]
fr = ["images"]
"""


def write(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write claims.toml and the lexicon into `folder`, with texts replaced; each must occur.

    The tables [concept.…] of the text go into the lexicon: language → terms.
    """
    # Of what else the matcher wants to know about words and languages, this codebook has nothing.
    named = [line.partition(" = ")[0] for line in CLAIMS.splitlines()]
    rest = [f"{key} = []" for key in CONCEPT_KEYS if key not in named]
    text = CLAIMS.replace("OTHERS", "\n".join(rest))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    claims, mark, concepts = text.partition("[concept.")
    folder.mkdir(parents=True, exist_ok=True)
    write_lexicon(folder, TOPIC | tomllib.loads(mark + concepts)["concept"])
    file = folder / "claims.toml"
    file.write_text(claims, encoding="utf-8")
    return file


def small_codebook(folder: Path, *changes: tuple[str, str]) -> Codebook:
    """The small codebook, with texts replaced."""
    return load_codebook(write(folder, *changes))
