"""The commands that take answers: JSON in and out, sentences in both languages, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mollet.cli import group
from mollet.cli.knowledge import _kinds, plain
from mollet.errors import EntryError, FileError
from mollet.knowledge import load
from mollet.knowledge.rules import read_rule
from mollet.words import LANGUAGES
from mollet.words.say import _sentences

CLOT = {"calf_swollen_one_leg": True, "calf_warm": True, "calf_tender": True}
COMMANDS = ("triage", "causes", "plan")
KEYS = {
    "triage": {
        *("tier", "could_be", "settled", "open", "findings", "do", "unless", "avoid", "discuss", "ask_next", "call"),
        *("not_recognised", "contradictions", "knowledge_version"),
    },
    "causes": {"applies", "does_not_apply", "not_known", "not_recognised", "knowledge_version"},
    "plan": {
        *("tier", "first", "tonight", "day", "drink_and_food", "shoes_and_habits", "ask_first", "left_out"),
        *("with_doctor", "not_advised", "see_doctor", "see_doctor_sources", "counted", "review_weeks", "unless"),
        *("not_recognised", "knowledge_version"),
    },
}


def run(*words, said=None):
    """Run a command in this process, with answers on standard input."""
    text = said if isinstance(said, str) else json.dumps(said)
    return CliRunner().invoke(group, [*words], input=text, prog_name="mollet")


def program(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    return subprocess.run(
        [sys.executable, "-c", "from mollet.cli import main; main()", *words],
        input=said,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_json_has_the_keys_of_its_schema(command):
    assert set(json.loads(run(command, "-", "--json", said={}).stdout)) == KEYS[command]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_list_of_answers_gives_a_list_in_the_same_order(command):
    told = json.loads(run(command, "-", "--json", said=[CLOT, {}]).stdout)

    assert told == [json.loads(run(command, "-", "--json", said=one).stdout) for one in (CLOT, {})]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_list_gives_an_empty_list(command):
    assert json.loads(run(command, "-", "--json", said=[]).stdout) == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_are_written_in_the_language_asked_for(command, lang):
    got = run(command, "-", "--lang", lang, said=CLOT)

    words = {"en": ("Be seen", "Not known yet", "See a doctor"), "fr": ("Voyez", "Pas encore connu", "médecin")}[lang]
    assert got.exit_code == 0
    assert any(word in got.stdout for word in words)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_that_works(command):
    shown = run(command, "--help").stdout

    assert f"mollet {command} -" in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_stands_twice_under_one_item(lang):
    printed = run("plan", "-", "--lang", lang, said={"dark_urine": True}).output

    forbidden = load().remedies["exercise_through"].says.to(lang)
    assert printed.count(forbidden) == 1


@pytest.mark.parametrize("words", [("--lang", "fr", "--help"), ("--help", "--lang", "fr"), ("--help", "--lang=fr")])
def test_help_follows_the_language_typed_before_or_after(words):
    shown = run("triage", *words).stdout

    assert shown.startswith("Utilisation\u00a0: mollet triage")
    assert "Afficher cette aide" in shown
    assert "Show this message" not in shown


def _commands():
    from mollet.cli import COMMANDS
    from mollet.cli.knowledge import knowledge

    for name in COMMANDS:
        found = group.get_command(None, name)
        if found is not knowledge:
            yield (name,)
    yield from (("knowledge", name) for name in knowledge.commands)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", list(_commands()), ids=" ".join)
def test_every_option_of_every_command_is_described(words, lang):
    done = run(*words, "--help", "--lang", lang)

    assert (done.exit_code, done.exception) == (0, None)


def test_a_file_is_read(tmp_path: Path):
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(CLOT), encoding="utf-8")

    assert json.loads(run("triage", str(file), "--json").stdout)["tier"] == "same_day"


def test_a_finding_has_its_reasons_and_sources():
    finding = json.loads(run("triage", "-", "--json", said=CLOT).stdout)["findings"][0]

    assert set(finding["because"]) <= set(CLOT)
    assert finding["sources"]


def test_what_to_avoid_says_because_of_what():
    avoid = json.loads(run("triage", "-", "--json", said=CLOT).stdout)["avoid"]

    assert "calf_swollen_one_leg" in next(one for one in avoid if one["id"] == "massage")["because"]


def test_the_number_to_call_is_that_of_the_country():
    call = json.loads(run("triage", "-", "--json", "--country", "GB", said=CLOT).stdout)["call"]

    assert (call["country"], call["number"]) == ("GB", "111")


def test_a_country_without_numbers_is_a_wrong_command_line():
    assert run("triage", "-", "--country", "XX", said={}).exit_code == 2


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ('{"calf_worm": true}', "error.answers.in_file"),
        ('{"calf_warm": true', "error.answers.not_json"),
        ("", "error.answers.not_json"),
        ("[" * 100_000, "error.answers.not_json"),
        ('{"age_years": ' + "9" * 5_000 + "}", "error.answers.too_many_digits"),
        ('{"medicines": ["\\ud800"]}', "error.answers.not_text"),
        ('{"age_years": NaN}', "error.answers.in_file"),
        ('{"calf_warm": true, "calf_warm": false}', "error.answers.twice"),
        ('"calf_warm"', "error.answers.in_file"),
        ('[{}, {"calf_worm": true}]', "error.answers.in_item"),
        ("[[]]", "error.answers.in_item"),
    ],
)
def test_answers_that_cannot_be_used_are_refused(said, key):
    got = run("triage", "-", "--json", said=said)

    assert isinstance(got.exception, EntryError)
    assert (got.exception.key, got.stdout) == (key, "")


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"calf_worm": True}, "error.answers.unknown_key_near"),
        ({"age_years": "x"}, "error.answers.not_number"),
        ({"medicines": [""]}, "error.answers.empty_name"),
        ('{"age_years": 1e400}', "error.answers.too_large"),
        ({"age_years": 10**30}, "error.answers.too_high"),
        ('{"age_years": NaN}', "error.answers.not_number"),
        ({"medicines": ["x" * 10_000]}, "error.answers.long_name"),
    ],
)
def test_a_refusal_names_the_file_and_the_reason(said, key, tmp_path):
    file = tmp_path / "answers.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")

    error = run("plan", str(file)).exception

    assert (error.values["file"], error.values["problem"].key) == (str(file), key)


@pytest.mark.parametrize(("value", "written"), [("3", '"3"'), (True, "true"), ([], "[]")])
def test_a_refusal_quotes_the_value_as_it_stands_in_the_file(value, written):
    problem = run("triage", "-", said={"age_years": value}).exception.values["problem"]

    assert problem.values["value"] == written


@pytest.mark.parametrize("said", ["{", "", '{"calf_warm": true, "calf_warm": false}'])
def test_standard_input_is_called_by_its_name_and_not_by_a_dash(said):
    assert run("triage", "-", said=said).exception.values["file"].key == "error.answers.standard_input"


def test_a_cause_that_applies_is_told_with_its_figures():
    assert "2.42" in run("causes", "-", "--lang", "en", said={"medicines": ["salmeterol"]}).stdout


@pytest.mark.parametrize("country", ["FR", "GB", "DE", "US"])
def test_whom_to_call_is_said_once_in_an_emergency(country):
    told = json.loads(run("triage", "-", "--json", "--country", country, said={"chest_pain": True}).stdout)

    assert run("triage", "-", "--country", country, said={"chest_pain": True}).stdout.count(told["call"]["says"]) == 1


def test_the_own_doctor_stands_before_the_number_for_today():
    second = run("triage", "-", "--lang", "fr", said=CLOT).stdout.splitlines()[1]

    assert second.startswith("Appelez d’abord votre médecin")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_of_answers_says_that_nothing_was_changed(lang):
    said = {"en": "nothing was changed", "fr": "rien n’a été modifié"}[lang]
    kinds = ("boolean", "choice", "list", "name", "number", "an_object", "json", "text")
    names = [*(f"not_{kind}" for kind in kinds), "too_high", "too_low", "too_large", "empty_name", "long_name"]

    assert all(said in str(_sentences(lang)[f"error.answers.{name}"]).lower() for name in names)


def test_a_file_that_is_not_there_is_refused():
    assert isinstance(run("triage", "/nowhere/answers.json").exception, FileError)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path):
    file = tmp_path / "answers.json"
    file.write_bytes(b'{"medicines": ["Kard\xe9gic"]}')

    got = run("triage", str(file)).exception

    assert isinstance(got, EntryError)
    assert got.key == "error.answers.not_text"


@pytest.mark.parametrize(("lang", "words"), [("en", "Did you mean"), ("fr", "Vouliez-vous dire")])
def test_a_refusal_ends_with_one_and_says_why_on_standard_error(lang, words):
    got = program("triage", "-", "--lang", lang, said='{"calf_worm": true}')

    assert (got.returncode, got.stdout) == (1, "")
    assert words in got.stderr


def test_a_right_answer_ends_with_nought():
    got = program("triage", "-", "--json", said='{"calf_swollen_one_leg": true}')

    assert (got.returncode, got.stderr) == (0, "")


def test_a_name_with_accents_passes_through():
    got = run("triage", "-", "--json", said={"medicines": ["Kardégic", "Éxyzabc"]})

    assert json.loads(got.stdout)["not_recognised"] == ["Éxyzabc"]


@pytest.mark.parametrize(("lang", "words"), [("en", "magnesium"), ("fr", "magnésium")])
def test_claims_are_found(lang, words):
    told = json.loads(run("claims", words, "--lang", lang, "--json").stdout)

    assert told["claims"]


def test_claims_about_nothing_are_not_an_error():
    assert run("claims", "xyzabc", "--lang", "en").exit_code == 0


def test_the_catalogue_is_checked():
    assert run("knowledge", "check", "--lang", "en").exit_code == 0


def test_what_no_source_was_read_for_is_listed():
    assert "standard" in run("knowledge", "check", "--unverified").stdout


def test_the_catalogue_is_listed_by_kind():
    told = json.loads(run("knowledge", "list", "relief", "--json", "--lang", "fr").stdout)

    assert "foot_up" in {one["id"] for one in told["relief"]}


def test_an_unknown_kind_is_a_wrong_command_line():
    assert run("knowledge", "list", "reliefs").exit_code == 2


def test_an_item_is_shown_with_its_rule_as_a_file_would_have_it():
    told = json.loads(run("knowledge", "show", "lasting_cramp", "--json").stdout)

    assert read_rule(told["red_flags/lasting_cramp"]["when"]) == load().red_flags["lasting_cramp"].when


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_item_can_be_shown(lang):
    shown = [json.dumps(plain(one, lang)) for _, items in _kinds(load()) for one in items.values()]

    assert all(shown)


def test_an_unknown_item_is_refused_with_the_nearest():
    got = run("knowledge", "show", "lasting_cramps").exception

    assert isinstance(got, EntryError)
    assert got.values["near"] == "lasting_cramp"


def test_without_answers_the_urgency_is_not_known_yet(tmp_path):
    answers = tmp_path / "answers.json"
    answers.write_text("{}", encoding="utf-8")

    said = CliRunner().invoke(group, ["triage", str(answers), "--lang", "en"]).output

    assert said.startswith("How urgent: not known yet")
    assert "asks for a doctor today" not in said


@pytest.mark.parametrize(("lang", "words"), [("en", "do not go together"), ("fr", "se contredisent")])
def test_answers_that_contradict_each_other_are_named(lang, words):
    printed = run("triage", "-", "--lang", lang, said={"sex": "male", "pregnant": True}).stdout

    assert words in printed
    assert "(sex, pregnant)" in printed
