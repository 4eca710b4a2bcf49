"""The fridge sheet: when to call, the evening, the day, what is not for this person; on the screen and on paper."""

from mollet.web import paper

urlpatterns = paper.addresses("fridge")
