"""The part of a form that says something and asks nothing, under the name that the rooms above know."""

from __future__ import annotations

from cmp_tui.ui.fields.tell import Part as Part
from cmp_tui.ui.fields.tell import Saying as Saying
from cmp_tui.ui.fields.tell import TellField as TellField
from cmp_tui.ui.fields.tell import Telling as Telling
