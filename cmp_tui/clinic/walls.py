"""What the clinic's clock shows, for very many instants: remembered by the quarter of an hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import day_of, local

_QUARTER = 900


class Walls:
    """The clock and the calendar of one time zone. Instants are whole seconds since 1970, as the file keeps them."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._quarters: dict[int, tuple[datetime, date]] = {}
        self._within = tuple(timedelta(seconds=number) for number in range(_QUARTER))

    def at(self, instant: int) -> tuple[datetime, date]:
        """Returns what the clock shows (naive), and the day to which the instant counts: `local` and `day_of`."""
        quarter, rest = divmod(instant, _QUARTER)
        found = self._quarters.get(quarter)
        if found is None:
            found = self._look(quarter, rest)
        return found[0] + self._within[rest], found[1]

    def _look(self, quarter: int, rest: int) -> tuple[datetime, date]:
        """The quarter's begin on the clock, by what the clock shows after `rest` seconds, and the day then."""
        first, then, last = (self._exactly(quarter * _QUARTER + after) for after in (0, rest, _QUARTER - 1))
        begin = then[0] - self._within[rest]
        if first == (begin, then[1]) and last == (begin + self._within[-1], then[1]):
            self._quarters[quarter] = first  # else the clock was set, or a day began, in the middle of it
        return begin, then[1]

    def _exactly(self, instant: int) -> tuple[datetime, date]:
        moment = datetime.fromtimestamp(instant, UTC)
        return local(moment, self._zone).replace(tzinfo=None, fold=0), day_of(moment, self._zone)
