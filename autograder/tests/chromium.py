"""Debian's Chromium without a window, for tests of pages: `browser` opens them, and tells what they did wrong.

Tests that use it are marked with ``pytest.mark.browser``; ``make browser`` installs what they need and runs them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

_PAGE_S = 120  # for a page: machines may be busy


class Browser:
    """A browser. `driver` is selenium's."""

    def __init__(self) -> None:
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        for option in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "window-size=1200,1400"):
            options.add_argument(f"--{option}")
        options.add_argument("--disable-background-networking")
        options.binary_location = _program("chromium")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(_program("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(_PAGE_S)
        self.driver.set_script_timeout(_PAGE_S)

    def errors(self) -> list[str]:
        """Return the errors on the console since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since the last call, but for data within a page."""
        said = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        found = (each["params"]["request"]["url"] for each in said if each["method"] == "Network.requestWillBeSent")
        return [url for url in found if not url.startswith(("data:", "blob:"))]

    def wait(self, script: str, *arguments: Any) -> Any:
        """Wait until JavaScript returns something true, and return that."""
        from selenium.common.exceptions import TimeoutException
        from selenium.webdriver.support.ui import WebDriverWait

        try:
            return WebDriverWait(self.driver, _PAGE_S).until(lambda driver: driver.execute_script(script, *arguments))
        except TimeoutException:
            where, shown = self.driver.current_url, self.driver.find_element("tag name", "body").text
            pytest.fail(f"never true on {where}: {script}\nconsole: {self.errors()}\nthe page says:\n{shown[:2000]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open a browser for all tests of a run."""
    opened = Browser()
    yield opened
    opened.driver.quit()


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"no {name}: make browser as root, or apt install chromium chromium-driver"
    return found
