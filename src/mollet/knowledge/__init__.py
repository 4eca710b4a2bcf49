"""What is known? The cited catalogue: what helps, what causes cramps, which signs need care, and how sure that is.

``load`` gives the catalogue of this installation; ``Facts`` are what is known of a person; a ``Rule`` says of facts
whether something holds, with three answers: yes, no and not known.
"""

from mollet.errors import KnowledgeError
from mollet.knowledge.load import load
from mollet.knowledge.model import Catalogue, Text
from mollet.knowledge.rules import Facts, Outcome, Rule, evaluate

__all__ = ["Catalogue", "Facts", "KnowledgeError", "Outcome", "Rule", "Text", "evaluate", "load"]
