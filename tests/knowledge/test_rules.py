"""The laws of rules with three answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mollet.knowledge.rules import AtLeast, Fact, Facts, Not, Rule, bits, compiled, evaluate, leaves, read_rule

NAMES = ("a", "b", "c", "d")

rules = st.recursive(
    st.one_of(
        st.sampled_from(NAMES),
        st.tuples(st.just("age"), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 3)).map(list),
        st.lists(st.sampled_from(["calf", "foot"]), min_size=1).map(lambda sites: ["site", "in", sites]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: {"at_least": 2, "of": parts}),
    ),
    max_leaves=8,
).map(read_rule)
known = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.booleans() for name in NAMES},
        "age": st.integers(0, 3),
        "site": st.sampled_from(["calf", "foot", "thigh"]),
    },
)
whole = st.fixed_dictionaries(
    {**{name: st.booleans() for name in NAMES}, "age": st.integers(0, 3), "site": st.sampled_from(["calf", "foot"])}
)


@given(rules, known, whole)
def test_learning_an_answer_never_changes_a_rule_already_decided(rule, answers, further):
    before = evaluate(rule, Facts(answers)).value

    after = evaluate(rule, Facts({**further, **answers})).value

    assert before is None or after is before


@given(rules, whole)
def test_a_rule_is_decided_when_everything_is_known(rule, answers):
    assert evaluate(rule, Facts(answers)).value is not None


@given(rules, known)
def test_what_is_missing_is_named_only_while_a_rule_is_open(rule, answers):
    outcome = evaluate(rule, Facts(answers))

    assert bool(outcome.unknown) is (outcome.value is None)


@given(rules, known)
def test_what_is_named_as_missing_is_missing(rule, answers):
    assert not set(evaluate(rule, Facts(answers)).unknown) & set(answers)


@given(rules, known)
def test_the_reasons_alone_decide_a_rule_as_before(rule, answers):
    outcome = evaluate(rule, Facts(answers))

    reasons = {name: answers[name] for name in outcome.because}

    assert outcome.value is None or evaluate(rule, Facts(reasons)).value is outcome.value


@given(rules, known)
def test_a_compiled_rule_says_what_the_rule_says(rule, answers):
    assert compiled(rule).outcome(Facts(answers)) == evaluate(rule, Facts(answers))


@given(rules, known)
def test_a_compiled_rule_lacks_what_the_rule_names_as_missing(rule, answers):
    outcome = evaluate(rule, Facts(answers))

    assert outcome.value is not None or compiled(rule).lacks(Facts(answers)) == bits(outcome.unknown)


@given(st.lists(rules, min_size=1, max_size=4), known)
def test_de_morgan_holds_for_all(parts, answers):
    both = AtLeast(len(parts), tuple(parts))
    either = AtLeast(1, tuple(Not(part) for part in parts))

    assert Not(both).value(answers) is either.value(answers)


@given(rules, known)
def test_not_twice_changes_nothing(rule, answers):
    assert Not(Not(rule)).value(answers) is rule.value(answers)


@given(st.lists(rules, min_size=2, max_size=4), st.integers(2, 4), known)
def test_at_least_more_is_never_easier(parts, number, answers):
    number = min(number, len(parts))
    order = {False: 0, None: 1, True: 2}

    more, fewer = (AtLeast(count, tuple(parts)).value(answers) for count in (number, number - 1))

    assert order[more] <= order[fewer]


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True), st.integers(1, 4), whole)
def test_at_least_counts(names, number, answers):
    number = min(number, len(names))

    value = AtLeast(number, tuple(map(Fact, names))).value(answers)

    assert value is (sum(answers[name] for name in names) >= number)


@given(st.permutations(NAMES), known)
def test_the_order_of_the_parts_does_not_matter(names, answers):
    there = AtLeast(2, tuple(map(Fact, names))).value(answers)

    assert there is AtLeast(2, tuple(map(Fact, NAMES))).value(answers)


def test_one_yes_decides_any_although_the_rest_is_not_known():
    outcome = evaluate(read_rule({"any": ["a", "b"]}), Facts({"b": True}))

    assert (outcome.value, outcome.because) == (True, ("b",))


def test_one_no_decides_all_although_the_rest_is_not_known():
    outcome = evaluate(read_rule({"all": ["a", "b"]}), Facts({"b": False}))

    assert (outcome.value, outcome.because) == (False, ("b",))


def test_not_known_is_not_no():
    assert evaluate(read_rule({"not": "a"}), Facts({})).value is None


def test_a_comparison_with_what_is_not_known_is_not_known():
    assert evaluate(read_rule(["age", ">=", 65]), Facts({})).unknown == ("age",)


@pytest.mark.parametrize(
    ("operator", "holds"), [("==", False), ("!=", True), ("<", False), ("<=", False), (">", True), (">=", True)]
)
def test_each_comparison_means_what_it_says(operator, holds):
    assert read_rule(["age", operator, 65]).value({"age": 70}) is holds


@pytest.mark.parametrize(("operator", "holds"), [("==", True), ("<=", True), (">=", True), ("<", False), (">", False)])
def test_a_limit_belongs_where_the_sign_says(operator, holds):
    assert read_rule(["age", operator, 65]).value({"age": 65}) is holds


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"all": []},
        {"all": "a"},
        {"all": ["a"], "any": ["b"]},
        {"at_least": 3, "of": ["a", "b"]},
        {"at_least": 0, "of": ["a"]},
        {"at_least": True, "of": ["a"]},
        {"of": ["a"]},
        ["age", "about", 65],
        ["age", ">="],
        ["age", "==", True],
        ["site", "in", []],
        ["site", "in", "calf"],
        3,
        "",
    ],
)
def test_what_is_not_a_rule_is_refused(written):
    with pytest.raises(ValueError, match=r"use|compare|not the name"):
        read_rule(written)


def test_a_fact_under_not_is_seen_as_negated():
    rule: Rule = read_rule({"all": ["a", {"not": {"any": ["b", {"not": "c"}]}}]})

    assert {(leaf.name, negated) for leaf, negated in leaves(rule)} == {("a", False), ("b", True), ("c", False)}
