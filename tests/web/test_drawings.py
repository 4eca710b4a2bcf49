"""Each drawing the knowledge names is there, with words for whoever cannot see it."""

import re

import pytest
from django.template import Context, Template

from mollet.knowledge import load
from mollet.web.templatetags.drawings import FOLDER
from mollet.words.say import keys


def named():
    """Ids of the drawings in the knowledge."""
    items = [*load().relief.values(), *load().remedies.values()]
    parts = [part for item in items for part in (item, *getattr(item, "steps", ()), *item.variants)]
    parts += [step for item in items for variant in item.variants for step in variant.steps]
    return sorted({part.drawing for part in parts if getattr(part, "drawing", None)})


def drawn():
    return sorted(file.stem for file in FOLDER.glob("*.svg"))


def svg(name, lang="en"):
    template = Template(f'{{% drawing "{name}" %}}{{% drawing "{name}" %}}')
    return template.render(Context({"lang": lang}))


@pytest.mark.parametrize("name", named())
def test_a_drawing_the_knowledge_names_is_drawn(name):
    assert name in drawn()


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", drawn())
def test_a_drawing_has_a_title_and_a_description(name, lang):
    shown = svg(name, lang)

    assert all(len(words.split()) > 1 for words in re.findall(r"<(?:title|desc)[^>]*>([^<]+)<", shown))
    assert f"drawing.{name}.title" in keys(lang)


def test_a_drawing_shown_twice_has_two_names():
    ids = re.findall(r'id="([^"]+)"', svg("wall_calf"))

    assert len(ids) == len(set(ids)) == 4


@pytest.mark.parametrize("name", drawn())
def test_a_drawing_brings_no_colour_of_its_own(name):
    assert re.findall(r"#[0-9a-f]{3,6}|style=|fill=\"(?!none)", (FOLDER / f"{name}.svg").read_text()) == []
