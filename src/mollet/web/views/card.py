"""The bedside card: relief in four steps and whom to call, on the screen, for the printer and as PDF."""

from mollet.web import paper

urlpatterns = paper.addresses("card")
