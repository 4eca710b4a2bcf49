"""What a mistyped command line is answered: in the language of its reader, with where the help is, and 2."""

import pytest
from click.testing import CliRunner

from mollet.cli import group


def said(lang, *words):
    """What stands on the error output, and how it ended; spaces that do not break are as good as others."""
    found = CliRunner(env={"MOLLET_LANG": lang}).invoke(group, words, prog_name="mollet")
    return found.stderr.replace("\u00a0", " ").splitlines(), found.exit_code


MISTAKES = [
    (
        ("triag",),
        "there is no command “triag”. Did you mean triage?",
        "il n’y a pas de commande « triag ». Vouliez-vous dire triage ?",
    ),
    (
        ("knowledge", "lit"),
        "there is no command “lit”. Did you mean list?",
        "il n’y a pas de commande « lit ». Vouliez-vous dire list ?",
    ),
    (("zzz",), "there is no command “zzz”.", "il n’y a pas de commande « zzz »."),
    (("triage", "--foo"), "there is no option “--foo”.", "il n’y a pas d’option « --foo »."),
    (
        ("triage", "--jso", "-"),
        "there is no option “--jso”. Did you mean --json?",
        "il n’y a pas d’option « --jso ». Vouliez-vous dire --json ?",
    ),
    (("triage",), "ANSWERS.json is missing.", "il manque ANSWERS.json."),
    (("analyse", "a.csv"), "--arm is missing.", "il manque --arm."),
    (("triage", "a", "b", "c"), "nothing takes “b c”.", "rien n’attend « b c »."),
    (("triage", "--json=3", "-"), "--json takes no value.", "--json ne prend pas de valeur."),
    (("export", "fhir", "--out"), "--out needs a value.", "--out demande une valeur."),
    (("triage", "--lang", "de", "-"), "--lang: choose one of en, fr.", "--lang : choisissez parmi en, fr."),
    (
        ("serve", "--port", "abc"),
        "--port: a whole number from 0 to 65535 is needed.",
        "--port : il faut un nombre entier de 0 à 65535.",
    ),
    (
        ("export", "fhir", "--since", "2026-99-01"),
        "--since: a date is needed, such as 2026-11-22.",
        "--since : il faut une date, par exemple 2026-11-22.",
    ),
    (
        ("import", "--undo", "12"),
        "--undo: an identifier is needed, as it was printed.",
        "--undo : il faut un identifiant, tel qu’il a été affiché.",
    ),
    (
        ("export", "fhir", "--out", "/"),
        "--out: a file that can be read is needed, not a folder.",
        "--out : il faut un fichier lisible, pas un dossier.",
    ),
    (
        ("pocket", __file__),
        "FOLDER: a folder that can be read is needed, not a file.",
        "FOLDER : il faut un dossier lisible, pas un fichier.",
    ),
]


@pytest.mark.parametrize(("words", "en", "fr"), MISTAKES, ids=[" ".join(words)[:30] for words, _, _ in MISTAKES])
def test_a_mistake_is_told_in_both_languages(words, en, fr):
    (*_, english), (*_, french) = said("en", *words)[0], said("fr", *words)[0]

    assert (english, french) == (f"Error: {en}", f"Erreur : {fr}")


def test_a_mistake_ends_with_two_and_says_where_the_help_is():
    lines, code = said("fr", "triage", "--foo")

    assert (lines[:2], code) == (
        ["Utilisation : mollet triage [OPTIONS] ANSWERS.json", "« mollet triage --help » dit comment l’utiliser."],
        2,
    )


def test_the_language_typed_holds_for_the_mistake_too():
    assert said("en", "triage", "--lang", "fr", "--foo")[0][-1] == "Erreur : il n’y a pas d’option « --foo »."


def test_what_mollet_says_of_a_value_is_kept():
    (*_, told), _ = said("en", "analyse", "a.csv", "--arm", "B", "--worthwhile", "x")

    assert told.startswith("Error: --worthwhile: “x” is not a rate ratio.")


@pytest.mark.parametrize("words", [(), ("--help",), ("knowledge", "--help")])
def test_the_help_of_a_group_is_in_one_language(words):
    found = CliRunner(env={"MOLLET_LANG": "fr"}).invoke(group, words, prog_name="mollet")
    told = found.stdout + found.stderr

    assert "Commandes\u00a0:" in told
    assert [english for english in ("Usage", "Commands", "Show", "Example") if english in told] == []
