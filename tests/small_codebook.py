"""A small codebook for tests of all that surrounds the matcher: two sides, three claims, two languages."""

from pathlib import Path

from analysis.codebook import Codebook, Matching, load_codebook

CLAIMS = """
[matching]
confirm = 50.0
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
agreement = 0.9

[[claim]]
id = "north.inquiry"
side = "north"
public_since = 2022-04-22T18:30:00+02:00
source = "a made-up dispatch"
statement = "The North inquires."

[[claim.frame]]
name = "inquiry"
here = ["inquiry"]
agreement = 0.8

[[claim]]
id = "south.drone"
side = "south"
public_since = 2022-04-21
source = "a made-up dispatch"
statement = "A drone saw the North's men."

[[claim.frame]]
name = "drone"
here = ["drone"]
agreement = 0.7

[[claim.frame]]
name = "pictures"
here = ["pictures"]
agreement = 0.3

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
    """Write claims.toml into `folder`, with texts replaced; each must occur."""
    # Of what else the matcher wants to know about words and languages, this codebook has nothing.
    named = [line.partition(" = ")[0] for line in CLAIMS.splitlines()]
    rest = [f"{key} = []" for key in Matching.model_fields if key not in named]
    text = CLAIMS.replace("OTHERS", "\n".join(rest))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "claims.toml"
    file.write_text(text, encoding="utf-8")
    return file


def small_codebook(folder: Path, *changes: tuple[str, str]) -> Codebook:
    """The small codebook, with texts replaced."""
    return load_codebook(write(folder, *changes))
