"""Lesson 15: the sentence that a null result may claim, in five parts."""

from setilearn.course.answers import describe

# The parts of the claim, the choices a, b, c of each in turn; what is said of each that is not the right one.
PARTS = {
    "who": (
        "3I/ATLAS is no spacecraft: it has no transmitter that sends",
        "3I/ATLAS had no transmitter that sent",
        "no interstellar object has a transmitter that sends",
    ),
    "when": (
        "in 2025",
        "on 18 December 2025, all day",
        "through the scans of a band, on 18 December 2025,",
    ),
    "where": (
        "between 1 and 12 GHz, outside satellite downlinks and dense interference,",
        "anywhere between 1 and 12 GHz,",
        "at any radio frequency,",
    ),
    "power": (
        "with more than 0.1 W,",
        "with an EIRP below 0.1 W towards us,",
        "with an EIRP above 0.1 W towards us, or more if it drifts fast,",
    ),
    "kind": (
        "any signal.",
        "a narrow tone that drifts by no more than 4 Hz/s.",
        "a narrow tone with any drift.",
    ),
}
CLAIM = {"who": "b", "when": "c", "where": "a", "power": "c", "kind": "b"}
WRONG_PARTS = {
    "who": {
        "a": "A search for radio signals does not say what a thing is: a silent spacecraft passes it too.",
        "c": "One object was looked at. Of the others this search knows nothing.",
    },
    "when": {
        "a": "The telescope looked for minutes. Of the rest of the year nothing is known.",
        "b": "A day has 24 hours; each band was watched for half an hour of it, half of that on the object.",
    },
    "where": {
        "b": "Where a satellite sends or interference is dense, a signal would have been thrown out as well.",
        "c": "Nothing below 1 and above 12 GHz was received at all.",
    },
    "power": {
        "a": "The limit is on the EIRP: a transmitter with a dish needs less. And what drifts needs more.",
        "b": "The other way round: what is weaker than the limit can be there.",
    },
    "kind": {
        "a": "A pulse, or a signal as wide as a television channel, goes unseen in a search for tones.",
        "c": "Drifts beyond 4 Hz/s were not tried.",
    },
}
HEADLINE = {"who": "a", "when": "a", "where": "c", "power": "a", "kind": "a"}
OTHERS = {"who": "c", "when": "b", "where": "b", "power": "b", "kind": "c"}


def check_claim(claim, reference):
    """Check the five letters of a claim: which parts are wrong, and why the first of them is."""
    if not isinstance(claim, dict) or set(claim) != set(reference):
        return f"Expected a letter for each of {', '.join(reference)}, found {describe(claim)}."
    letters = {part: str(letter).strip().lower() for part, letter in claim.items()}
    wrong = [part for part in reference if letters[part] != reference[part]]
    if not wrong:
        return None
    why = WRONG_PARTS[wrong[0]].get(letters[wrong[0]], "Expected one of the letters a, b, c.")
    return f"{len(wrong)} of 5 parts to think over. `{wrong[0]}`: {why}"


def claim_sentence(claim):
    """The sentence that a claim of five letters makes."""
    return " ".join(PARTS[part]["abc".index(letter.strip().lower())] for part, letter in claim.items())
