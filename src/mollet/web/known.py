"""What is known of a person at this moment: the answers of the diary that still hold, as facts."""

from mollet.diary.facts import resolve
from mollet.diary.fold import answers
from mollet.knowledge import Facts, load
from mollet.store import read
from mollet.store.models import Person
from mollet.web import clock


def facts_of(person: Person) -> Facts:
    """Return the facts that the person's unexpired answers tell."""
    catalogue = load()
    holds = {question.id: question.holds for question in catalogue.questions.values()}
    return resolve(answers(read.diary(person), clock.now(), holds), catalogue)
