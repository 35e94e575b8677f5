"""nbgrader's formgrader, started for real and used in a browser: a score entered by hand, then pulled."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.tests.chromium import Browser, browser
from autograder.tests.gradebook_course import Grader, answered, hand_in, pull, push, question, result, run

__all__ = ["browser"]

pytestmark = pytest.mark.browser

TOKEN = "a-token-for-tests"
HOSTILE = (
    "Because **x** < 3 and $\\frac{a}{b}$.\n\n<script>document.title = 'taken'</script>\n"
    "<img src=x onerror=\"document.title = 'taken'\">\n\n[click](javascript:document.title='taken')"
)
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", "/nowhere"))


@pytest.fixture
def formgrader(course: Path, grader: Grader, tmp_path: Path) -> Iterator[str]:
    """Start formgrader on the course's gradebook, and return its address."""
    (course / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {grader.url!r}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"ServerApp.root_dir": course, "ServerApp.port": port, "IdentityProvider.token": TOKEN}
    options = [f"--{key}={value}" for key, value in settings.items()]
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--ip=127.0.0.1", *options]
    folders = {"HOME": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with (tmp_path / "jupyter.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=course, stdout=log, stderr=log, env={**os.environ, **folders})
    address = f"http://127.0.0.1:{port}/formgrader"
    try:
        while not answers(f"{address}/api/status?token={TOKEN}"):
            assert server.poll() is None, (tmp_path / "jupyter.log").read_text()
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        raise
    except OSError:
        return False


def show(browser: Browser, address: str, sheet: str, student: int) -> None:
    """Open a student's notebook by the links of formgrader's pages."""
    driver = browser.driver
    driver.get(f"{address}/gradebook?token={TOKEN}")
    for words in ("hw3", sheet, f"Submission #{student}"):
        browser.wait(f"return [...document.querySelectorAll('td a')].some(a => a.textContent.trim() === '{words}')")
        driver.find_element("xpath", f"//td//a[normalize-space()='{words}']").click()
    browser.wait("return window.formgrader && formgrader.grades && formgrader.grades.length > 0")


def students(grader: Grader, sheet: str) -> list[str]:
    """Return the students in the order in which formgrader numbers them."""
    with grader.open() as gradebook:
        rows = gradebook.notebook_submissions(sheet, "hw3")
        return [row.student.id for row in sorted(rows, key=lambda row: row.id)]


def enter(browser: Browser, field: str, value: str) -> None:
    """Type into a field of the form and leave it, and wait until it is saved."""
    driver = browser.driver
    driver.execute_script("window.saved = 0; $(document).on('finished_saving', () => { window.saved += 1; });")
    element = driver.find_element("id", field)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.clear()
    element.send_keys(value, "\ue004")  # tab
    browser.wait("return window.saved > 0")


def test_a_score_entered_in_formgrader_is_pulled(
    course: Path, grader: Grader, formgrader: str, browser: Browser
) -> None:
    hand_in(course, "bob", fc_nets=answered(HOSTILE), layers="# test_backward: failed")
    assert run("grade", "hw3", "class") == push() == 0
    show(browser, formgrader, "fc_nets", 1 + students(grader, "fc_nets").index("bob"))
    driver = browser.driver
    browser.requests()
    text = driver.find_element("css selector", ".nbgrader_cell .answer").text
    assert "Because x < 3" in text  # bold, and no HTML
    assert "<script>document.title = 'taken'</script>" in text
    driver.execute_script("[...document.querySelectorAll('.answer a')].forEach(a => a.click())")
    assert driver.title != "taken"
    if SCREENSHOTS.is_dir():
        driver.save_screenshot(str(SCREENSHOTS / "formgrader_answer.png"))
    enter(browser, "inline", "3.5")
    enter(browser, "inline-comment", "well argued")
    show(browser, formgrader, "automatic", 1 + students(grader, "automatic").index("bob"))
    assert "failed" in driver.find_element("css selector", ".nbgrader_cell").text
    if SCREENSHOTS.is_dir():
        driver.save_screenshot(str(SCREENSHOTS / "formgrader_automatic.png"))
    enter(browser, "affine_extra_credit", "1")
    assert pull() == 0
    inline = question(course, "bob", "inline")
    assert (inline.points, inline.comment) == (3.5, "well argued")
    assert (result(course, "bob").score, result(course, "bob").bonus) == (14.5, 1)
    assert [
        name for name in ("ann", "cy", "dee") if result(course, name).bonus or result(course, name).score > 16
    ] == []
    wrong = [error for error in browser.errors() if "mathjax" not in error.lower()]  # which is on the net
    assert wrong == []
