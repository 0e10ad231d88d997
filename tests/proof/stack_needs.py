"""A public collection of needs, each with the article that answers it and ten ways to ask.

Read where PORTAL_DATA_SETS says, never kept here.
"""

import html
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from portal.gaps.crowd import Person
from portal.gaps.labelled import Labelled, read_labelled
from portal.search.evaluation.beir import Document, read_documents
from portal.settings import ROOT

DATA_SETS = Path(os.environ.get("PORTAL_DATA_SETS") or ROOT.parent / "shared" / "data")
CORPUS = DATA_SETS / "retrieval" / "stackfaq" / "corpus.jsonl.gz"
NEEDS = DATA_SETS / "intents" / "stackfaq-needs.jsonl.gz"
MISSING = "The loop over HTTP is not proved: stackfaq is not below the folder that PORTAL_DATA_SETS names."
SITE = 'name = "Stack help"\nlanguages = ["en"]\n'


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, and which of it has no article at first."""

    asked: Sequence[Labelled]
    documents: Mapping[str, Document]
    without: frozenset[str]

    @staticmethod
    def drawn(*, seed: int, share: float = 0.5) -> "Plan":
        """Take articles away by chance."""
        documents = read_documents(CORPUS)
        asked = [one for one in read_labelled(NEEDS) if one.label in documents]
        wanted = sorted({one.label for one in asked})
        return Plan(asked, documents, frozenset(Random(seed).sample(wanted, round(len(wanted) * share))))

    def person(self, one: Labelled, *, is_answered: bool, seed: int) -> Person:
        """Return somebody who asks in these words, and knows two other ways."""
        others = [other.text for other in self.asked if other.label == one.label and other.text != one.text]
        wordings = (one.text, *Random(seed).sample(others, min(2, len(others))))
        return Person(wordings, one.label if is_answered else None)

    def files(self, labels: Iterable[str]) -> dict[str, str]:
        """Return the articles of some needs, as a writer would have them in the repository."""
        return {f"en/articles/{label}.md": _article(label, self.documents[label]) for label in labels}


def _article(label: str, document: Document) -> str:
    text = "\n".join(line.strip() for line in html.escape(document.text).splitlines())
    return f"---\nid: {json.dumps(label)}\ntitle: {json.dumps(document.title)}\n---\n{text}\n"
