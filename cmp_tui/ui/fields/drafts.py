"""What a draft holds: the text of the fields, half-typed too, and which of them the person changed."""

from collections.abc import Mapping

from cmp_tui.ui.fields.base import Raw
from cmp_tui.ui.fields.editor import Editor

CHANGED = "_changed"
"""In a draft: the names of the fields that the person changed. No field may be called so."""


def typed(editors: Mapping[str, Editor]) -> dict[str, Raw]:
    """What is to be kept: {} while the person changed nothing. Ready for JSON."""
    changed = [name for name, editor in editors.items() if editor.is_changed()]
    if not changed:
        return {}
    kept = {
        name: raw for name, editor in editors.items() if not is_blank(raw := editor.raw()) or name in changed
    }
    return {**kept, CHANGED: list[Raw](changed)}


def restore(editors: Mapping[str, Editor], draft: Mapping[str, Raw]) -> None:
    """Put back what a draft kept.

    Fields that the person had changed show their text again; of the others only those that are empty now, since
    the form was opened with newer values.
    """
    names = draft.get(CHANGED)
    changed = set(map(str, names)) if isinstance(names, list) else set(draft)
    for name, editor in editors.items():
        if name in draft and (name in changed or is_blank(editor.raw())):
            editor.put_raw(draft[name])


def is_blank(raw: Raw) -> bool:
    """Whether a field with this in it is empty."""
    return raw is None or raw == "" or raw == []
