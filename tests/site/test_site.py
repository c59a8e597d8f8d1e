"""The built site: every link leads somewhere, nothing is loaded from elsewhere, and a real browser has no complaint.

``KERASLINT_SITE_PAGES=all`` looks at every page in the browser, which takes minutes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlparse

import pytest

from keraslint.rules.registry import ALL_RULES
from keraslint.site import SITE, rule_page

from ..installed import browser_tools
from .building import built_site, served

pytestmark = pytest.mark.real_tools

HERE = Path(__file__).parent
LOOKED_AT = ["", "rules/misrouted-loss/", "usage/", "comparison/", "nowhere/"]
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """The links of a page, what it loads, and the names of its parts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.names |= {known.get("id", ""), known.get("name", "")}
        if tag == "a" and "href" in known:
            self.links.append(known["href"])
        elif known.get(LOADED.get(tag, "")) and known.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(known[LOADED[tag]])


@pytest.fixture(scope="module")
def tools() -> Path:
    return browser_tools()


@pytest.fixture(scope="module")
def site(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_site(tmp_path_factory)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Each page by its address on the canonical site."""
    found = {}
    for path in site.rglob("*.html"):
        name = path.relative_to(site).as_posix().removesuffix("index.html")
        found[urljoin(SITE, name)] = Page(path.read_text(encoding="utf-8"))
    return found


def test_links_lead_somewhere(pages: dict[str, Page], site: Path) -> None:
    broken = []
    for address, page in pages.items():
        base = SITE if address.endswith("404.html") else address
        for link in page.links + page.loads:
            whole = urlparse(urljoin(base, link))
            target = whole._replace(fragment="").geturl()
            if not target.startswith(SITE):
                continue
            anchor = unquote(whole.fragment)
            if target in pages:
                known = not anchor or anchor in pages[target].names or anchor.startswith("rule=")  # the playground's
            else:
                known = (site / whole.path.lstrip("/")).is_file()
            if not known:
                broken.append(f"{address}: {link}")
    assert broken == []
    assert sum(len(page.links) for page in pages.values()) > 1000


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page], site: Path) -> None:
    loaded = {urljoin(address, one) for address, page in pages.items() for one in page.loads if "404" not in address}
    assert all(one.startswith(SITE) for one in loaded)
    styles = [path.read_text(encoding="utf-8") for kind in ("css", "svg") for path in site.rglob(f"*.{kind}")]
    assert len(styles) > 10
    assert not [text for text in styles if re.search(r"(?:url\(|@import\s*)[\"']?(?:https?:)?//", text)]


def test_the_sitemap_has_every_page(pages: dict[str, Page], site: Path) -> None:
    listed = set(re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8")))
    assert listed == {address for address in pages if not address.endswith("404.html")}
    assert {rule_page(rule.name) for rule in ALL_RULES} <= listed


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


def test_in_a_browser(address: str, tools: Path, pages: dict[str, Page], tmp_path: Path) -> None:
    every = [page.removeprefix(SITE) for page in pages]
    paths = every if os.environ.get("KERASLINT_SITE_PAGES") == "all" else LOOKED_AT
    command = ["node", str(HERE / "browser.mjs"), address, str(tmp_path), *paths]
    done = subprocess.run(command, cwd=tools, capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 0, done.stderr
    views: dict[str, Any] = json.loads(done.stdout)
    assert list(views) == ["light 1280", "light 390", "dark 1280", "dark 390"]
    for view, seen in views.items():
        wrong = [one for one in seen["problems"] if not (one.startswith("nowhere/") and "404" in one)]
        assert wrong == [], view
        assert seen["audited"] == len(paths)
        assert set(seen["schemes"]) == {"slate" if "dark" in view else "default"}
        assert any("rules/misrouted-loss/" in link for link in seen["results"])
