"""The loader refuses a bad file by file, key and allowed values, and compiles the good ones once."""

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from mollet.errors import KnowledgeError
from mollet.knowledge import load
from mollet.knowledge.check import check
from mollet.knowledge.load import complaints_of, load_folder

REMEDY = """
id = "calf_stretch"
kind = "exercise"
stance = "offer"
certainty = "low"
sources = ["S-ONE"]
status = "seen"
reviewed = 2026-11-20
name = {en = "Stretch", fr = "Étirement"}
does = {en = "Stretch.", fr = "Étirez."}
says = {en = "It may help.", fr = "Cela peut aider."}
[[evidence]]
outcome = "frequency"
says = {en = "Fewer.", fr = "Moins."}
certainty = "low"
sources = ["S-ONE"]
status = "seen"
[[contraindication]]
when.any = ["calf_warm", ["age_years", ">=", 90]]
outcome = "never"
if_unknown = "ask_first"
says = {en = "Not now.", fr = "Pas maintenant."}
sources = []
status = "standard"
"""
FILES = {
    "sources.toml": '[S-ONE]\nreference = "One"\nread = "full"\nreliability = 1\n',
    "questions.toml": """
[[group]]
id = "leg"
order = 1
name = {en = "Leg", fr = "Jambe"}
[[question]]
id = "calf_warm"
group = "leg"
type = "boolean"
asks = {en = "Warm?", fr = "Chaud ?"}
short = {en = "a warm calf", fr = "un mollet chaud"}
holds = "hours:24"
[[question]]
id = "age_years"
group = "leg"
type = "number"
asks = {en = "Age?", fr = "Âge ?"}
short = {en = "your age", fr = "votre âge"}
holds = "until_changed"
""",
    "tiers.toml": "\n".join(
        f'[{name}]\nrank = {rank}\nname = {{en = "a", fr = "b"}}\ndo = {{en = "a", fr = "b"}}\n'
        'safety_net = {en = "a", fr = "b"}\nsources = ["S-ONE"]\nstatus = "seen"'
        for rank, name in enumerate(("self_care", "routine", "soon", "same_day", "emergency"))
    ),
    "names.toml": 'not = ["no"]\nnothing = ["none"]\npast = []\nforms = []\nfillers = ["the"]\n',
    "derived.toml": """
[warm]
when.any = ["calf_warm"]
why = {en = "Warm.", fr = "Chaud."}
sources = []
status = "standard"
reviewed = 2026-11-20
""",
    "remedies/calf_stretch.toml": REMEDY,
}
CLASS = (
    'id = "{id}"\nname = {{en = "x", fr = "x"}}\ngeneric = ["{name}"]\nsources = []\nstatus = "standard"\n'
    "reviewed = 2026-11-20\n"
)
FILES |= {f"{kind}/one.toml": CLASS.format(id="one", name=kind) for kind in ("medicines", "illnesses", "supplements")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small catalogue that is right."""
    root = tmp_path / "knowledge"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Write one thing differently in one file."""
    content = (folder / name).read_text(encoding="utf-8")
    assert old in content
    (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")


def test_a_right_folder_has_no_complaints(folder):
    assert complaints_of(folder) == ()


def test_the_catalogue_of_this_installation_has_no_complaints():
    assert complaints_of(files("mollet.knowledge")) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        (
            "remedies/calf_stretch.toml",
            'says = {en = "Fewer.", fr = "Moins."}\ncertainty = "low"',
            'says = {en = "Fewer.", fr = "Moins."}\ncertainty = "medium"',
            'remedies/calf_stretch.toml: evidence[1].certainty is "medium"; '
            "use high, moderate, low, very_low or no_trial.",
        ),
        (
            "remedies/calf_stretch.toml",
            'stance = "offer"',
            'stanse = "offer"',
            "remedies/calf_stretch.toml: stanse is not known here; did you mean stance?",
        ),
        (
            "remedies/calf_stretch.toml",
            'stance = "offer"\n',
            "",
            "remedies/calf_stretch.toml: stance is missing.",
        ),
        (
            "remedies/calf_stretch.toml",
            'name = {en = "Stretch", fr = "Étirement"}',
            'name = {en = "Stretch"}',
            "remedies/calf_stretch.toml: name.fr is missing.",
        ),
        (
            "remedies/calf_stretch.toml",
            'name = {en = "Stretch"',
            'name = {en = " "',
            'remedies/calf_stretch.toml: name.en is " "; use text without spaces around it.',
        ),
        (
            "remedies/calf_stretch.toml",
            'id = "calf_stretch"',
            'id = "other"',
            'remedies/calf_stretch.toml: id is "other"; use "calf_stretch", the name of the file.',
        ),
        (
            "remedies/calf_stretch.toml",
            "reviewed = 2026-11-20",
            'reviewed = "soon"',
            'remedies/calf_stretch.toml: reviewed is "soon"; use a date like 2026-11-20, without quotes.',
        ),
        (
            "remedies/calf_stretch.toml",
            '"calf_warm"',
            '"calf_worm"',
            'remedies/calf_stretch.toml: contraindication[1].when speaks of "calf_worm", '
            "which is no question, class or derived fact (did you mean calf_warm?).",
        ),
        (
            "remedies/calf_stretch.toml",
            '["age_years", ">=", 90]',
            '"age_years"',
            'remedies/calf_stretch.toml: contraindication[1].when takes "age_years" as yes or no; '
            "it is a number, compare it.",
        ),
        (
            "remedies/calf_stretch.toml",
            '["age_years", ">=", 90]',
            '["calf_warm", "==", 1]',
            'remedies/calf_stretch.toml: contraindication[1].when compares "calf_warm"; '
            "it is yes or no, write the fact alone.",
        ),
        (
            "remedies/calf_stretch.toml",
            'sources = ["S-ONE"]\nstatus = "seen"\nreviewed',
            'sources = ["S-TWO"]\nstatus = "seen"\nreviewed',
            'remedies/calf_stretch.toml: sources names "S-TWO", which is not in sources.toml (did you mean S-ONE?).',
        ),
        (
            "remedies/calf_stretch.toml",
            'sources = ["S-ONE"]\nstatus = "seen"\nreviewed',
            'sources = []\nstatus = "seen"\nreviewed',
            'remedies/calf_stretch.toml: sources is empty and status is "seen"; name a source, or use standard.',
        ),
        (
            "tiers.toml",
            'sources = ["S-ONE"]\nstatus = "seen"',
            'sources = []\nstatus = "standard"',
            "tiers.toml: self_care sources is empty; what is said of an urgency names a source.",
        ),
        (
            "tiers.toml",
            'sources = ["S-ONE"]\n',
            "",
            "tiers.toml: self_care.sources is missing.",
        ),
        (
            "questions.toml",
            'holds = "hours:24"',
            'holds = "for a day"',
            'questions.toml: calf_warm holds is "for a day"; '
            "use hours:24, days:30 (any whole number) or until_changed.",
        ),
        (
            "derived.toml",
            '"calf_warm"',
            '"derived:warm"',
            "derived.toml: derived:warm rests on itself.",
        ),
        (
            "illnesses/one.toml",
            '"illnesses"',
            '"medicines"',
            'illnesses/one.toml: the name "medicines" is in medicines/one.toml too; a name has one class.',
        ),
    ],
)
def test_a_fault_is_refused_by_file_key_and_what_may_stand_there(folder, name, old, new, complaint):
    change(folder, name, old, new)

    assert complaint in complaints_of(folder)


def test_a_file_that_is_not_toml_is_named(folder):
    (folder / "tiers.toml").write_text("[emergency", encoding="utf-8")

    assert any(complaint.startswith("tiers.toml: is not TOML") for complaint in complaints_of(folder))


def test_all_faults_of_all_files_are_told_at_once(folder):
    change(folder, "remedies/calf_stretch.toml", 'kind = "exercise"', 'kind = "sport"')
    change(folder, "remedies/calf_stretch.toml", 'stance = "offer"', 'stance = "sell"')
    change(folder, "questions.toml", 'type = "boolean"', 'type = "yes"')

    with pytest.raises(KnowledgeError) as refused:
        load_folder(folder)

    told = str(refused.value.values["complaints"])
    assert all(word in told for word in ('kind is "sport"', 'stance is "sell"', 'type is "yes"'))


def test_a_derived_fact_is_told_by_its_answers(folder):
    change(folder, "remedies/calf_stretch.toml", '"calf_warm"', '"derived:warm"')

    rule = load_folder(folder).remedies["calf_stretch"].contraindications[0].when

    assert rule.weigh({"calf_warm": True}) == (True, ("calf_warm",))


def test_what_was_compiled_is_what_was_read(folder):
    read = load_folder(folder)

    compiled = load_folder(folder)

    assert (compiled.version, compiled.remedies, compiled.questions) == (read.version, read.remedies, read.questions)


def test_a_changed_file_is_compiled_anew(folder):
    before = load_folder(folder).version
    change(folder, "remedies/calf_stretch.toml", "It may help.", "It might help.")

    after = load_folder(folder)

    assert (after.version != before, after.remedies["calf_stretch"].says.en) == (True, "It might help.")


def test_a_comment_changes_no_version(folder):
    before = load_folder(folder).version
    change(folder, "tiers.toml", "[self_care]", "# a comment\n[self_care]")

    assert load_folder(folder).version == before


def test_a_spoilt_compiled_file_is_not_believed(folder):
    load_folder(folder)
    (folder / "compiled.json").write_text("{", encoding="utf-8")

    assert "calf_stretch" in load_folder(folder).remedies


def test_a_folder_that_cannot_be_written_is_read_all_the_same(folder, monkeypatch):
    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError

    monkeypatch.setattr("tempfile.mkstemp", refuse)

    assert "calf_stretch" in load_folder(folder).remedies
    assert not (folder / "compiled.json").exists()


def test_the_version_is_twelve_hexadecimal_digits(folder):
    assert len(load_folder(folder).version) == len(f"{int(load_folder(folder).version, 16):012x}") == 12


def test_no_unfinished_file_is_left_beside_the_compiled_one(folder):
    load_folder(folder)

    assert [file.name for file in folder.iterdir() if file.name.startswith(".compiled")] == []


def test_the_compiled_file_holds_the_version(folder):
    version = load_folder(folder).version

    assert json.loads((folder / "compiled.json").read_text(encoding="utf-8"))["version"] == version


def test_a_copy_elsewhere_has_the_same_version(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")

    assert load_folder(tmp_path / "copy").version == load_folder(folder).version


def test_the_catalogue_is_loaded_once():
    assert load() is load()


def test_a_reference_intake_is_checked_too(folder):
    (folder / "foods.toml").write_text('[reference]\n[[reference.intake]]\nnutrient = "water"\n', encoding="utf-8")

    assert "foods.toml: reference.intake[1].value is missing." in complaints_of(folder)


def test_a_sign_tells_questions_of_yes_or_no(folder):
    with (folder / "questions.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[sign]]\nid = "old"\nname = {en = "Old", fr = "Vieux"}\ntells = ["calf_worm"]\n')

    assert complaints_of(folder) == (
        'questions.toml: old names "calf_worm", which is no question of yes or no (did you mean calf_warm?).',
    )


def test_a_flag_that_forbids_to_stretch_forbids_every_relief_step_that_stretches():
    flag = load().red_flags["tense_muscle"]
    lax = replace(flag, avoid=tuple(name for name in flag.avoid if name != "heel_walk"))

    complaints = check(replace(load(), red_flags={**load().red_flags, flag.id: lax}))

    assert list(complaints) == [
        "red_flags/tense_muscle.toml: avoid forbids a stretch; name heel_walk too, which stretches."
    ]


def french(table: object) -> Iterator[str]:
    """Every French sentence of a table of a file, however deep."""
    for key, value in table.items() if isinstance(table, dict) else enumerate(table):
        if key == "fr" and isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from french(value)


KNOWLEDGE = Path(str(files("mollet.knowledge")))


@pytest.mark.parametrize("path", sorted(KNOWLEDGE.rglob("*.toml")), ids=lambda path: path.stem)
def test_no_french_sentence_may_break_before_its_punctuation(path):
    said = french(tomllib.loads(path.read_text(encoding="utf-8")))

    assert [one for one in said if re.search(r" [:;?!%»]|« ", one)] == []


def test_no_time_zone_elsewhere_ends_as_one_of_a_country():
    of = {zone: one.id for one in load().countries.values() for zone in one.zones}
    ends = {zone.split("/")[-1]: country for zone, country in of.items()}
    other_names = {"Europe/Nicosia": "CY"}

    assert [
        zone
        for zone in available_timezones()
        if zone.split("/")[-1] in ends and of.get(zone, other_names.get(zone)) != ends[zone.split("/")[-1]]
    ] == []
