"""The pages of reports in a browser: they render, sort, search and print, from disk, and ask nobody for anything.

With ``SCREENSHOTS=folder make browser`` they are pictured as well: light, dark, narrow and printed.
"""

from __future__ import annotations

import base64
import importlib.resources
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.report.audience import shown
from autograder.report.class_results import ClassResults
from autograder.report.formats import notebooks, write
from autograder.results import Late, MeasurementResult, Result, TrainingResult
from autograder.tests.chromium import Browser, browser
from autograder.tests.gradebook_course import notebook
from autograder.tests.sample_results import EVIL, check, course, everything, manual, question, result
from autograder.tests.test_report_notebooks import ABOUT, CELLS, graded
from autograder.tests.test_report_pages import EXHIBITS

__all__ = ["browser"]

pytestmark = pytest.mark.browser

CLASS = 300
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", "/nowhere"))
WIDTHS = {"wide": 1300, "narrow": 360}


def student(number: int, rng: random.Random) -> Result:
    """Return somebody's result: some checks failed, some late, some not graded."""
    affine = [check(f"test_{name}", rng.choice(["passed", "failed"])) for name in ("forward", "backward", "large")]
    nets = [check(f"test_{name}", rng.choice(["passed", "error", "timeout"]), visible=False) for name in "abc"]
    late = Late(days=1, part=0.1, penalty=0.5, rule="1 day late; 10%") if number % 7 == 0 else Late()
    parts = (question("affine", *affine), question("nets", *nets), manual("inline", None if number % 5 else 3.0))
    return result(f"student {number:03}", *parts, late=late, seconds=number / 10, submission_sha256=f"{number:064x}")


def pictures() -> Result:
    """Return a result with a picture of every kind."""
    training = TrainingResult(ended="finished", iterations=4, seconds=1, seed=1, losses=(2.0, None, 1.0), stride=2)
    measured = MeasurementResult(
        metric="val_accuracy", value=0.5, estimate=0.5, low=0.45, high=0.55, images=99, seeds=(1,), dataset="shapes10",
        policy="point", decision="the estimate counts", claimed=0.7,
    )  # fmt: skip
    shown = check("test_shown", exhibits=EXHIBITS, trainings=(training,), measurements=(measured,), output="printed")
    return result("pictures", *everything().questions, question("shown", shown, check("test_well", "passed")))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a class of 300, with one who tries to get code into it."""
    folder = tmp_path_factory.mktemp("report")
    rng = random.Random(5)
    evil = everything(f"evil {EVIL.replace('/', '')[:60]}")
    results = [*(student(number, rng) for number in range(CLASS - 2)), evil, pictures()]
    known = course(folder / "course")
    material = ClassResults(
        course=known, assignment=known.assignment("hw3"), results=tuple(results), output=folder / "reports"
    )
    assert len(list(write("html", material))) == 2 * CLASS + 1
    view = shown(graded("pictures"), known)
    material.write("students/pictures/fc_nets.html", notebooks.page(view, "fc_nets.ipynb", notebook(*CELLS), ABOUT))
    return folder / "reports"


@pytest.fixture(autouse=True)
def _nothing_but_the_page(browser: Browser) -> Iterator[None]:
    """See that no page wrote an error to the console, or asked for anything but pages on disk."""
    browser.errors()
    browser.requests()
    yield
    assert browser.errors() == []
    assert [url for url in browser.requests() if not url.startswith("file:///")] == []
    emulate(browser)


def emulate(browser: Browser, *, width: int = 1300, media: str = "", scheme: str = "light") -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    size = {"width": width, "height": 1400, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def run(browser: Browser, script: str, *arguments: Any) -> Any:
    return browser.driver.execute_script(script, *arguments)


def column(browser: Browser, number: int) -> list[str]:
    """Return the values of a column of the table of students, as they stand below each other."""
    script = "return [...document.querySelectorAll('#t-students tbody tr')].map(r => r.cells[arguments[0]].innerText)"
    return list(run(browser, script, number))


def picture(browser: Browser, name: str) -> None:
    if SCREENSHOTS.is_dir():
        shot = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


def test_the_page_of_a_class_sorts_by_mouse_and_keyboard(report: Path, browser: Browser) -> None:
    browser.driver.get((report / "class.html").as_uri())
    assert len(column(browser, 0)) == CLASS
    button = browser.driver.find_element("css selector", "#t-students th:nth-child(2) button")
    button.click()
    scores = column(browser, 1)
    numbers = [float(value) for value in scores if value != "-"]
    assert numbers == sorted(numbers)
    assert scores[-1] == "-"  # not graded: last, whichever way
    button.send_keys("\ue007")  # enter
    assert [float(value) for value in column(browser, 1) if value != "-"] == sorted(numbers, reverse=True)
    assert column(browser, 1)[-1] == "-"
    assert run(browser, "return document.querySelectorAll('#t-students th')[1].ariaSort") == "descending"
    browser.driver.find_element("css selector", "#t-students th:nth-child(1) button").click()
    assert column(browser, 0)[-1].startswith("student 297")


def test_the_page_of_a_class_is_searched(report: Path, browser: Browser) -> None:
    browser.driver.get((report / "class.html").as_uri())
    field = browser.driver.find_element("css selector", "input[data-table=t-students]")
    field.send_keys("123 STUdent")
    visible = "return [...document.querySelectorAll('#t-students tbody tr')].filter(r => r.offsetHeight).length"
    assert run(browser, visible) == 1
    assert browser.driver.find_element("id", "t-students-found").text == f"1 of {CLASS}"
    field.send_keys("\ue009a\ue000\ue003")  # control-A, backspace
    assert run(browser, visible) == CLASS


def test_a_student_is_a_link_away(report: Path, browser: Browser) -> None:
    browser.driver.get((report / "class.html").as_uri())
    browser.driver.find_element("css selector", "#t-students tbody a").click()
    assert "For those who grade" in browser.driver.find_element("tag name", "body").text
    browser.driver.find_element("link text", "All students").click()
    assert browser.driver.current_url.endswith("class.html")


def test_whatever_students_wrote_is_only_shown(report: Path, browser: Browser) -> None:
    pages = [f"{folder}/{name}" for folder in ("students", "graders") for name in evil(report)]
    for page in ["class.html", "students/pictures/fc_nets.html", *pages]:
        browser.driver.get((report / page).as_uri())
        assert run(browser, "return document.querySelectorAll('body script').length") == (page == "class.html")
        assert "<script>" in browser.driver.find_element("tag name", "main").text


def evil(report: Path) -> list[str]:
    return [path.name for path in (report / "students").glob("evil*")]


def test_nothing_can_be_added_to_a_page_that_would_run_or_be_asked_for(report: Path, browser: Browser) -> None:
    browser.driver.get((report / "students/pictures.html").as_uri())
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        somebody.setblocking(False)
        image = f"<img src=http://127.0.0.1:{somebody.getsockname()[1]}/x>"
        run(browser, "document.body.insertAdjacentHTML('beforeend', arguments[0])", image)
        run(browser, "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.taken = 1\">')")
        run(browser, "const s = document.createElement('script'); s.text = 'taken = 1'; document.body.append(s)")
        browser.wait("return document.images.length === 2 && [...document.images].every(i => i.complete)")
        with pytest.raises(BlockingIOError):  # nobody called
            somebody.accept()
    assert run(browser, "return window.taken") is None
    refused = browser.errors()
    assert len(refused) >= 3
    assert all("Content Security Policy" in error for error in refused)
    browser.requests()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ["class", "students/pictures", "students/pictures/fc_nets"])
def test_pages_fit_in_every_light(report: Path, browser: Browser, page: str, width: str, scheme: str) -> None:
    emulate(browser, width=WIDTHS[width], scheme=scheme)
    browser.driver.get((report / f"{page}.html").as_uri())
    assert run(browser, "return document.documentElement.scrollWidth") <= WIDTHS[width]
    colour = run(browser, "return getComputedStyle(document.body).backgroundColor")
    assert (colour == "rgb(255, 255, 255)") == (scheme == "light")
    shapes = "return [...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width < 20).length"
    run(browser, "document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert run(browser, shapes) == 0
    picture(browser, f"{page.replace('/', '_')}_{width}_{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["class", "students/pictures", "graders/pictures", "students/pictures/fc_nets"])
def test_pages_follow_the_rules_of_axe(report: Path, browser: Browser, page: str, scheme: str) -> None:
    emulate(browser, scheme=scheme)
    browser.driver.get((report / f"{page}.html").as_uri())
    run(browser, "document.querySelectorAll('details').forEach(d => { d.open = true })")
    run(browser, importlib.resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = browser.driver.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    wrong = [(each["id"], each["help"], each["nodes"][0]["html"]) for each in found["violations"]]
    assert wrong == []
    assert len(found["passes"]) > 20


def test_printed_pages_show_what_is_folded_on_screen(report: Path, browser: Browser) -> None:
    browser.driver.get((report / "students/pictures.html").as_uri())
    inside = "return document.querySelector('details pre, details li').checkVisibility({contentVisibilityAuto: true})"
    assert run(browser, inside) is False
    emulate(browser, media="print")
    browser.wait(inside)  # it is unfolded with the next frame
    printed = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert printed.startswith(b"%PDF")
    if SCREENSHOTS.is_dir():
        (SCREENSHOTS / "pictures.pdf").write_bytes(printed)


def test_keys_lead_through_a_page(report: Path, browser: Browser) -> None:
    browser.driver.get((report / "students/pictures.html").as_uri())
    keys = browser.driver.find_element("tag name", "body")
    keys.send_keys("\ue004")  # tab
    skip = browser.driver.switch_to.active_element
    assert skip.text == "Skip to the content"
    skip.send_keys("\ue007")
    assert browser.driver.current_url.endswith("#main")
    summary = browser.driver.find_element("tag name", "summary")
    summary.send_keys("\ue007")
    assert run(browser, "return document.querySelector('details').open") is True
