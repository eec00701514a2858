"""Numbers and the words beside them."""

import re
from string import Formatter

import pytest

from sync.ledger.agreement import agreeing
from sync.sentences import _SENTENCES


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [(0, "0 ligne", "0 rows"), (1, "1 ligne", "1 row"), (2, "2 lignes", "2 rows"), (-1, "-1 ligne", "-1 row")],
)
def test_french_is_singular_below_two_and_english_at_one(count, french, english):
    assert "{n} {n:ligne|lignes}".format(**agreeing({"n": count}, "fr")) == french
    assert "{n} {n:row|rows}".format(**agreeing({"n": count}, "en")) == english


def test_a_number_keeps_its_other_formats_and_texts_stay():
    named = agreeing({"n": 1234, "name": "Marie", "yes": True}, "fr")
    assert "{n:,} {n} {name} {yes}".format(**named) == "1,234 1234 Marie True"


def test_no_sentence_of_the_commands_hides_its_plural_in_brackets():
    for key, texts in _SENTENCES.items():
        for text in texts:
            words = "".join(literal for literal, *_ in Formatter().parse(text))
            assert not re.search(r"\w\((s|e|es|ies)\)", words), (key, text)
