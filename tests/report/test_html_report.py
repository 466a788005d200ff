"""The HTML page: self-contained, escaped, and in a real browser to be filtered, searched and unfolded."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import EMPTY, FILES, FULL, HOSTILE, finding, pool, report, step

from cognito_lint.model import Value
from cognito_lint.report import html_report
from cognito_lint.report.plain import visible
from cognito_lint.worlds import Subject, choose, holds

ANYTHING = st.text(st.characters(), max_size=30)
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """The elements, attributes and texts of a page, and whether its tags balance."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.texts, self.marked = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag == self.open.pop()

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)
        if "mark" in self.open:
            self.marked.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def page(of, source=FILES.get):
    return Page(html_report.render(of, source))


def hostile_report(text):
    way = (step(text, 1, 1, 3, text),)
    one = pool(text, Value(text, way), unit=text, file=text, label=text)
    return report([one], [finding(message=text, help=text, address=text, unit=text, when=(text,), trace=way)])


def test_every_pool_is_listed_with_its_verdict_and_its_way():
    """Address, place, mode, plan, worlds, steps with their source, findings."""
    shown = page(FULL)
    verdicts = [item["data-verdict"] for item in shown.all("li") if item.get("class") == "pool"]
    assert ["not-enforced", "enforced", "conditional", "unproven", "not-deployed", "not-enforced"] == verdicts
    text = " ".join(shown.texts)
    for part in ("Stack/Auth/Half", "IsProd is false", "Fn::ImportValue is not known here", "decided here", '"AUDIT"'):
        assert part in text
    assert ["AUDIT", '"AUDIT"', "var.mode"] == shown.marked


def test_what_is_no_pools_is_listed_too():
    """Inputs that could not be read and modules that are not on disk."""
    text = " ".join(page(FULL).texts)
    assert "a mapping ends here without a value" in text
    assert "the source of this module is not on disk" in text


def test_an_empty_report_is_a_page_without_filter():
    """There is nothing to filter, and the page says so."""
    shown = page(EMPTY)
    assert [] == shown.all("input")
    assert any("There is none" in text for text in shown.texts)


@pytest.mark.parametrize("of", [FULL, EMPTY, hostile_report(HOSTILE)], ids=["full", "empty", "hostile"])
def test_the_page_needs_nothing_from_elsewhere(of):
    """No address to load from, no handler in an attribute; the policy allows the page's own style and script alone."""
    text = html_report.render(of, FILES.get)
    shown = Page(text)
    for tag, attributes in shown.elements:
        assert tag not in {"link", "img", "iframe", "object", "base", "form"}
        assert not {name for name in attributes if name.startswith("on") or name in {"src", "style", "action"}}
        assert attributes.get("href", "#").startswith("#")
    (policy,) = [meta["content"] for meta in shown.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")


@given(ANYTHING)
def test_text_of_others_stays_text(text):
    """Whatever names, messages and sources say, the elements are those of a harmless text, and the text is shown."""
    shown = page(hostile_report("x" + text), {"x" + text: "x" + text}.get)
    assert [] == shown.open
    assert page(hostile_report("x"), {"x": "x"}.get).elements == shown.elements
    assert visible("x" + text) in shown.texts


def test_many_worlds_are_cut_and_counted():
    """A pool with more combinations than a person reads says how many are left out."""
    env = Subject("parameter Env", "Env")
    mode = Value("OFF")
    for index in range(80):
        mode = choose(holds(env, f"e{index:02}"), lambda i=index: Value(f"m{i}"), lambda rest=mode: rest)
    shown = page(report([pool("P", mode)]))
    assert html_report.MOST_WORLDS == len(shown.all("tr")) - 1
    assert any("31 combinations more" in text for text in shown.texts)


def test_a_long_way_keeps_its_ends_and_their_numbers():
    """The last step has the number that it has on the whole way."""
    way = tuple(step("a.tf", line, 1, 2, f"step {line}") for line in range(1, 30))
    shown = page(report([pool("P", Value("OFF", way))]))
    assert ["26", "27", "28", "29"] == [item["value"] for item in shown.all("li") if "value" in item]
    assert "21 steps more" in shown.texts


def test_controls_are_labelled():
    """A label for the search, real buttons with their state, a live count, landmarks and a language."""
    shown = page(FULL)
    assert [{"lang": "en"}] == shown.all("html")
    assert {label["for"] for label in shown.all("label")} == {field["id"] for field in shown.all("input")}
    assert all(button["type"] == "button" for button in shown.all("button"))
    assert ["true"] + ["false"] * 5 == [b["aria-pressed"] for b in shown.all("button") if "aria-pressed" in b]
    assert 1 == len(shown.all("main")) == len(shown.all("header")) == len(shown.all("footer")) == len(shown.all("h1"))
    assert ["polite"] == [span["aria-live"] for span in shown.all("span") if "aria-live" in span]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("there is no Chromium with its ChromeDriver on this machine")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
        "--disable-background-networking", "--disable-sync", "--window-size=1000,1200",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.chrome.service.Service(driver)
    started = webdriver.Chrome(options=options, service=service)
    yield started
    started.quit()


@pytest.fixture
def opened(browser, tmp_path):
    def open_page(of, source=FILES.get):
        file = tmp_path / "report.html"
        file.write_text(html_report.render(of, source), encoding="utf-8")
        browser.get(file.as_uri())
        return browser

    return open_page


def find(browser, selector):
    return browser.find_element("css selector", selector)


def shown_pools(browser):
    return [item.text for item in browser.find_elements("css selector", ".pool:not([hidden]) .address")]


def test_a_person_filters_by_verdict_and_searches(opened):
    """Buttons and words narrow the list together, and the count follows."""
    browser = opened(FULL)
    assert "6 of 6 shown" == find(browser, "#count").text
    find(browser, "[data-show=not-enforced]").click()
    assert ["Pool", 'module.auth["eu"].aws_cognito_user_pool.this[0]'] == shown_pools(browser)
    assert "true" == find(browser, "[data-show=not-enforced]").get_attribute("aria-pressed")
    assert "false" == find(browser, "[data-show=all]").get_attribute("aria-pressed")
    find(browser, "#query").send_keys("TFVARS module.auth")
    assert ['module.auth["eu"].aws_cognito_user_pool.this[0]'] == shown_pools(browser)
    assert "1 of 6 shown" == find(browser, "#count").text
    find(browser, "#query").send_keys(" nowhere")
    assert ([], True) == (shown_pools(browser), find(browser, "#nothing").is_displayed())
    find(browser, "#query").clear()
    find(browser, "#query").send_keys(" ")
    find(browser, "[data-show=all]").click()
    assert "6 of 6 shown" == find(browser, "#count").text


def test_the_keyboard_is_enough(opened):
    """Tab goes from the skip link through search and buttons to the first pool, which Enter unfolds; focus is seen."""
    browser = opened(FULL)
    seen = []
    for _ in range(10):
        browser.switch_to.active_element.send_keys("\ue004")  # Tab
        focused = browser.switch_to.active_element
        assert "none" != focused.value_of_css_property("outline-style")
        seen.append(focused.get_attribute("id") or focused.get_attribute("data-show") or focused.tag_name)
    verdicts = ["enforced", "not-enforced", "conditional", "unproven", "not-deployed"]
    assert ["a", "query", "all", *verdicts, "unfold", "summary"] == seen
    browser.switch_to.active_element.send_keys("\ue007")  # Enter
    assert "AUDIT" in find(browser, ".pool .body").text


def test_unfold_all_opens_every_pool_and_folds_again(opened):
    """One button for both ways, named for what it does next."""
    browser = opened(FULL)
    find(browser, "#unfold").click()
    assert 6 == len(browser.find_elements("css selector", "details[open]"))
    assert "Fold all" == find(browser, "#unfold").text
    find(browser, "#unfold").click()
    assert [] == browser.find_elements("css selector", "details[open]")


def test_a_hostile_report_runs_nothing(opened):
    """The browser reports no error, no dialog and no script but the page's own."""
    browser = opened(hostile_report(HOSTILE + "<img src=x onerror=alert(1)></script></style>"))
    assert "1 of 1 shown" == find(browser, "#count").text
    assert 1 == len(browser.find_elements("tag name", "script"))
    assert [] == browser.find_elements("tag name", "img")
    assert [] == [entry["message"] for entry in browser.get_log("browser")]
