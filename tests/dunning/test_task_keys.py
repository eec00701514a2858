"""The key of a task keeps its parts apart, whatever people call their customers."""

from hypothesis import given
from hypothesis import strategies as st

from sync.dunning.today.keys import REVIEW, key_parts, task_key

anything = st.text(max_size=12) | st.sampled_from(["|", "\\", "\\|", "a|b", "a\\", "review|case|C1", "", "É,;\n\t"])


@given(st.lists(anything, min_size=1, max_size=6))
def test_what_was_given_is_found_again(parts):
    assert key_parts(task_key(*parts)) == tuple(parts)


@given(st.lists(anything, min_size=1, max_size=4), st.lists(anything, min_size=1, max_size=4))
def test_two_tasks_share_a_key_only_when_they_are_the_same(one, other):
    assert (task_key(*one) == task_key(*other)) == (one == other)


def test_an_ordinary_key_reads_as_it_always_did():
    assert task_key("case", "C1", "EUR", "dispute", "2026-02-02") == "review|case|C1|EUR|dispute|2026-02-02"


def test_another_key_has_no_parts():
    assert key_parts("C1|EUR|standard|F-1|2|1") == ()
    assert key_parts(REVIEW.rstrip("|")) == ()
