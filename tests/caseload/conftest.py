"""The same random clinic as the tests of Today have."""

from tests.queue.conftest import crowded as crowded
