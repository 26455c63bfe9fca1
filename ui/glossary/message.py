"""All that the browser is told of the terms."""

import json
from functools import cache

from ui.glossary.finding import stems_of
from ui.glossary.terms import TERMS
from ui.glossary.words import LANGUAGES, glossary_words


@cache
def glossary_message() -> str:
    """JSON: `terms`, with formula, picture, neighbours and source, and for each language in `words`
    the table `page`, `forms`, in which terms stand, -> name, and `say`, name -> [title, sentences]."""
    terms = {
        name: {"formula": term.formula, "picture": term.picture, "see": term.see, "source": term.source}
        for name, term in TERMS.items()
    }
    words = {language: _of(language) for language in LANGUAGES}
    return json.dumps({"terms": terms, "words": words}, ensure_ascii=False, separators=(",", ":"))


def _of(language: str) -> dict[str, object]:
    tables = glossary_words(language)
    say = {name: [tables[name]["name"], tables[name]["say"]] for name in TERMS}
    return {"page": tables["page"], "forms": stems_of(language), "say": say}
