"""Dates, minutes, names and phones as a nurse says them. Pure: no clock, no screen, no database."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size, split_graphemes

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# A day must not be read as the same day of another year: past about ten months its year stands.
_YEARLESS = timedelta(days=304)
_WEEKDAY = timedelta(days=14)
# Within four weeks "Wed 25" can be one day only.
_SHORT_WEEKDAY = timedelta(days=27)

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_PHONE = re.compile(r"(?:\+?1[\s.-]*)?\(?([2-9]\d{2})\)?[\s.-]*([2-9]\d{2})[\s.-]*(\d{4})")
_BLANK = re.compile(r"\s+")


def day_words(day: date, today: date) -> str:
    """'today'; 'Tue 24 Nov' within two weeks; '4 Mar' within ten months; '12 Nov 2025' when farther."""
    if day == today:
        return "today"
    away = abs(day - today)
    words = f"{day.day} {MONTHS[day.month - 1]}"
    if away <= _WEEKDAY:
        return f"{DAYS[day.weekday()]} {words}"
    return words if away <= _YEARLESS else f"{words} {day.year}"


def full_day_words(day: date) -> str:
    """'Mon 23 Nov 2026', for headers and documents."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def due_words(due: date, today: date) -> str:
    """When something is due, in at most seven cells: 'overdue', 'today', 'Wed 25', '12 Jan' or 'in 2028'."""
    if due < today:
        return "overdue"
    if due == today:
        return "today"
    away = due - today
    if away <= _SHORT_WEEKDAY and due.month == today.month:
        return f"{DAYS[due.weekday()]} {due.day}"
    return f"{due.day} {MONTHS[due.month - 1]}" if away <= _YEARLESS else f"in {due.year}"


def age(birth: str, today: date) -> int | None:
    """Whole years since a birth date 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD'; None for no date or one ahead.

    A month or day that is not known counts as the first, so the age of a partial date may be one too high:
    `age_words` says so.
    """
    days = _days_of(birth)
    return None if days is None or days[0] > today else _years(days[0], today)


def age_words(birth: str, today: date) -> str:
    """'78', or '~78' when the birth date is partial and the birthday may still be ahead; '' when unknown."""
    years, days = age(birth, today), _days_of(birth)
    if years is None or days is None:
        return ""
    return str(years) if _years(days[1], today) == years else f"~{years}"


def _days_of(birth: str) -> tuple[date, date] | None:
    """The first and the last day that a partial date may mean."""
    parts = _PARTIAL.fullmatch(birth.strip())
    if parts is None:
        return None
    year, month, day = int(parts[1]), int(parts[2] or 1), int(parts[3] or 1)
    try:
        first = date(year, month, day)
        last = date(year, int(parts[2] or 12), int(parts[3] or monthrange(year, int(parts[2] or 12))[1]))
    except ValueError:
        return None
    return first, last


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def birth_words(birth: str | None) -> str:
    """The birth date as charts write it, '1948-02-11'; a partial one stays partial: '1948-02', '1948'."""
    return (birth or "").strip()


def minutes_words(seconds: int) -> str:
    """Whole minutes, floored: '12 min'; from three hours on '3 h 05 min'. Nothing is rounded up."""
    minutes = max(seconds, 0) // 60
    if minutes < 180:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02} min"


def clock_words(instant: datetime, zone: ZoneInfo) -> str:
    """An instant on the clinic's wall clock, '10:04'. Raises ValueError for an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone before its clock time can be told")
    return f"{instant.astimezone(zone):%H:%M}"


def phone_words(phone: str) -> str:
    """'(512) 555-0133' for a ten-digit North American number (a leading 1 is left out), else as typed."""
    typed = phone.strip()
    parts = _PHONE.fullmatch(typed)
    return f"({parts[1]}) {parts[2]}-{parts[3]}" if parts and typed.isascii() else typed


def name_words(family: str, given: str) -> str:
    """'Ruiz-Moreno, Ana'; one name alone when the other is missing; 'no name' when both are."""
    return ", ".join(part for part in (family.strip(), given.strip()) if part) or "no name"


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 draft', '2 drafts'; give `many` where the plural is not one + 's'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def one_line(text: str) -> str:
    """Text on one line: line breaks, tabs and other control characters become single spaces."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return _BLANK.sub(" ", text).strip() if "  " in text or text != text.strip() else text


def fit(text: str, cells: int, more: str = "…") -> str:
    """Text on one line in at most `cells` cells; what is cut off is marked by `more`.

    Counts terminal cells, not characters, and never cuts inside what shows as one sign: wide characters,
    accents of their own and joined emoji stay whole.
    """
    line = one_line(text)
    if cells <= 0:
        return ""
    if cell_len(line) <= cells:
        return line
    room = cells - cell_len(more)
    if room < 0:
        return ""
    graphemes, _ = split_graphemes(line)
    end = used = 0
    for _start, stop, width in graphemes:
        if used + width > room:
            break
        used, end = used + width, stop
    cut = line[:end].rstrip() + more
    # The measure of a joined text may differ from the sum of its parts in rare scripts: keep the promise.
    return cut if cell_len(cut) <= cells else set_cell_size(line, room).rstrip() + more
