import io
import json
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from mollet.cli import main
from mollet.cli.analyse import dots
from mollet.knowledge import load
from mollet.words.say import keys

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = DOCS / "how-to"
HEADER = "night,cramps,b\n"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOLLET_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def mollet(*words: object) -> Done:
    """Run a command as typed, in this process."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["mollet", *map(str, words)])
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def analyse(file: Path, *words: object) -> dict[str, object]:
    """Return the JSON of a comparison that must succeed."""
    done = mollet("analyse", file, "--arm", "b", "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """Four weeks, more cramps on A."""
    path = tmp_path / "diary.csv"
    lines = [f"2026-01-{day:02},{day % 3 if day % 2 else day % 2},{(day + 1) % 2}" for day in range(1, 29)]
    path.write_text(HEADER + "\n".join(lines) + "\n")
    return path


def described(part: str) -> set[str]:
    """Names in the first column of a table of the reference page."""
    page = (DOCS / "reference" / "analyse.md").read_text()
    text = next(one for one in re.split(r"^#+ ", page, flags=re.MULTILINE) if one.startswith(part))
    return set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "written.csv"
    path.write_text(text)
    return path


def test_the_answer_has_every_key_of_its_description(diary):
    assert set(analyse(diary)) == described("The answer") - {"milliseconds"}


def test_every_problem_is_described():
    named = {key.removeprefix("problem.") for key in keys("en") if key.startswith("problem.")}

    assert named == described("Problems")


def test_the_example_of_the_guide_runs_and_says_what_is_printed_there(monkeypatch):
    page = (GUIDE / "analyse.md").read_text()
    command, printed = re.search(r"```console\n\$ mollet (.*?)\n(.*?)```", page, re.DOTALL).groups()
    monkeypatch.chdir(GUIDE)

    done = mollet(*shlex.split(command))

    assert (done.returncode, done.stderr) == (0, "")
    # What was simulated of others changes with every `make recovery`; the person's own answer does not.
    assert done.stdout.split("\nOf 100")[0] == printed.split("\nOf 100")[0]


def test_an_answer_in_french_is_french(diary):
    done = mollet("analyse", diary, "--arm", "b", "--lang", "fr")

    assert "Ce qui a été comparé" in done.stdout
    assert "moins de crampes en B" in done.stdout


def test_a_word_where_a_number_is_due_names_line_and_column(tmp_path):
    done = mollet("analyse", written(tmp_path, HEADER + "2026-01-01,1,0\n2026-01-02,many,1\n"), "--arm", "b")

    assert (done.returncode, done.stdout) == (1, "")
    assert "line 3" in done.stderr
    assert "“cramps”" in done.stderr


def test_an_arm_that_is_neither_0_nor_1_names_line_and_column(tmp_path):
    done = mollet("analyse", written(tmp_path, HEADER + "2026-01-01,1,0\n2026-01-02,1,2\n"), "--arm", "b")

    assert (done.returncode, done.stdout) == (1, "")
    assert "line 3" in done.stderr
    assert "“b”" in done.stderr


def test_a_night_twice_names_both_lines(tmp_path):
    done = mollet("analyse", written(tmp_path, HEADER + "2026-01-01,1,0\n2026-01-01,1,1\n"), "--arm", "b")

    assert done.returncode == 1
    assert "lines 2 and 3" in done.stderr


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = mollet("analyse", tmp_path / "nowhere.csv", "--arm", "b")

    assert done.returncode == 1
    assert "nowhere.csv" in done.stderr


def test_a_column_that_is_not_there_is_a_wrong_command_line(diary):
    done = mollet("analyse", diary, "--arm", "stretch")

    assert done.returncode == 2
    assert "stretch" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--prior", "0"],
        ["--prior=0,-1"],
        ["--prior=nan,1"],
        ["--worthwhile", "1.5"],
        ["--remedy", "moonlight"],
        ["--covariates", "b"],
        ["--covariates", "cramps"],
        ["--prior=0,1", "--remedy", "magnesium"],
    ],
)
def test_options_that_make_no_sense_are_refused(diary, words):
    assert mollet("analyse", diary, "--arm", "b", *words).returncode == 2


def test_a_remedy_brings_its_own_prior_with_its_sources(diary):
    prior = load().remedies["magnesium"].prior

    answer = analyse(diary, "--remedy", "magnesium")

    assert answer["prior"] == {
        "mean": prior.mean,
        "sd": prior.sd,
        "why": prior.why.en,
        "sources": list(prior.sources),
    }


def test_a_prior_may_be_given(diary):
    prior = analyse(diary, "--prior=-0.25,0.5")["prior"]

    assert (prior["mean"], prior["sd"]) == (-0.25, 0.5)


def test_a_night_without_an_arm_is_told_with_how_many(tmp_path):
    lines = "".join(f"2026-01-{day:02},{day % 2},{'' if day in (3, 5) else day % 2}\n" for day in range(1, 20))

    answer = analyse(written(tmp_path, HEADER + lines))

    assert "arm_empty: 2" in answer["problems"]
    assert answer["closed"] == 17


def test_a_night_of_hundreds_of_cramps_is_read(tmp_path):
    lines = "".join(f"2026-01-{day:02},{400 if day == 4 else 1},{day % 2}\n" for day in range(1, 20))

    assert analyse(written(tmp_path, HEADER + lines))["cramps"] == {"a": 408, "b": 10}


def test_the_table_of_several_people_needs_a_name(tmp_path):
    rows = "".join(
        f"2026-01-{day:02},{day % 3},{day % 2},{name}\n" for day in range(1, 9) for name in ("claire", "marc")
    )
    shared = written(tmp_path, "night,cramps,b,person\n" + rows)

    assert mollet("analyse", shared, "--arm", "b").returncode == 1
    assert analyse(shared, "--person", "marc")["closed"] == 8


def test_the_time_of_a_fit_appears_only_when_asked_for(diary):
    assert "milliseconds" not in analyse(diary)
    assert analyse(diary, "--timing")["milliseconds"] > 0


def test_standard_input_is_read_for_a_dash(diary, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(diary.read_bytes())))

    assert analyse(Path("-"))["closed"] == 28


def test_a_draw_that_cannot_be_read_changes_nothing_and_is_named(diary, tmp_path):
    draw = tmp_path / "draw.json"
    draw.write_text("{")

    done = mollet("analyse", diary, "--arm", "b", "--draw", draw)

    assert done.returncode == 1
    assert "draw.json" in done.stderr


def test_with_the_stored_draw_the_example_helps_and_without_it_only_goes_with(monkeypatch):
    monkeypatch.chdir(GUIDE)
    words = ("analyse", "analyse-diary.csv", "--arm", "bedtime_stretch", "--json")

    drawn, observed = (json.loads(mollet(*words, *more).stdout) for more in (("--draw", "analyse-draw.json"), ()))

    assert drawn["verdict"] == "helps"
    assert observed["verdict"] == "goes_with_fewer"
    assert "not_randomised" in observed["problems"]


def test_another_prior_than_the_protocol_fixed_is_told(monkeypatch):
    monkeypatch.chdir(GUIDE)
    words = ("--draw", "analyse-draw.json", "--prior=-1,0.2", "--json")

    answer = json.loads(mollet("analyse", "analyse-diary.csv", "--arm", "bedtime_stretch", *words).stdout)

    assert answer["verdict"] == "cannot_tell"
    assert "protocol_changed" in answer["problems"]


def test_arms_that_were_swapped_are_analysed_as_drawn(monkeypatch, tmp_path):
    text = (GUIDE / "analyse-diary.csv").read_text().splitlines()
    night, cramps, at_least, arm, water = text[1].split(",")
    text[1] = ",".join([night, cramps, at_least, str(1 - int(arm)), water])
    swapped = tmp_path / "swapped.csv"
    swapped.write_text("\n".join(text) + "\n")
    monkeypatch.chdir(GUIDE)
    words = ("--arm", "bedtime_stretch", "--draw", "analyse-draw.json", "--json")

    as_drawn, answer = (json.loads(mollet("analyse", file, *words).stdout) for file in ("analyse-diary.csv", swapped))

    assert "arm_swapped: 1" in answer["problems"]
    assert answer["log_rate_ratio"] == as_drawn["log_rate_ratio"]


def test_twenty_dots_need_no_colour():
    assert dots(0.85) == "●●●●● ●●●●● ●●●●● ●●○○○"


def test_no_dot_row_is_ever_all_full_or_all_empty():
    assert dots(1.0).count("○") == 1
    assert dots(0.0).count("●") == 1


def test_a_carry_over_is_averaged_over_where_it_is_asked_for(diary):
    found = analyse(diary, "--carry-over")

    assert list(found["carry_over"]["half_life_nights"]) == ["0", "1", "2", "4", "7"]
    assert sum(found["carry_over"]["half_life_nights"].values()) == pytest.approx(1.0, abs=1e-5)
    assert analyse(diary)["carry_over"] is None


def test_the_effect_is_less_sure_with_a_carry_over_than_without(diary):
    at_once, averaged = (analyse(diary, *words)["log_rate_ratio"]["sd"] for words in ((), ("--carry-over",)))

    assert averaged > at_once


def test_a_carry_over_and_a_trend_are_told_to_a_reader(monkeypatch):
    page = (GUIDE / "analyse.md").read_text()
    command = re.findall(r"```console\n\$ mollet (.*?)\n", page)[1]
    monkeypatch.chdir(GUIDE)

    done = mollet(*shlex.split(command))

    assert (done.returncode, done.stderr) == (0, "")
    assert "works on after its nights" in done.stdout


def test_the_coming_week_is_predicted_on_either_arm(diary):
    for week in analyse(diary)["coming_week"].values():
        assert 0 <= week["0.1"] <= week["0.5"] <= week["0.9"]


def test_no_week_is_predicted_for_arms_that_were_never_compared(tmp_path):
    found = analyse(written(tmp_path, HEADER + "2026-01-01,1,0\n2026-01-02,2,0\n"))

    assert found["coming_week"] == {"a": None, "b": None}


@pytest.mark.parametrize("ratio", ["nan", "0", "1", "-0.5", "inf"])
def test_a_worthwhile_ratio_that_is_none_is_refused(diary, ratio):
    done = mollet("analyse", diary, "--arm", "b", f"--worthwhile={ratio}")

    assert (done.returncode, done.stdout) == (2, "")
    assert "worthwhile" in done.stderr
