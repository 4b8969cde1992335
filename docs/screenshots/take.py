"""Takes the pictures of the cards on Home anew, in both themes, from a running app.

make run                             # in another terminal
.venv/bin/python docs/screenshots/take.py http://localhost:8501
"""

import io
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
VIEW = {"width": 1440, "height": 1200}
WIDTH, HEIGHT, NUM_COLOURS = 640, 360, 128
STAGE = ", ".join(
    f'.st-key-layout > {between}[data-testid="stHorizontalBlock"] > :nth-child(2)'
    for between in ("", '[data-testid="stLayoutWrapper"] > ')
)


class Card(NamedTuple):
    """A page, what its address asks for, the first thing in its picture, and how many seconds it is
    left to learn.
    """

    page: str
    query: str
    top: str
    seconds: float


CARDS = (
    Card("characters", "character_text_language=bottleneck", ".letters", 20),
    Card("spelling", "speller_text_en=a+lettre+form+home", ".corrected", 20),
    Card("autoencoder", "stacked_lens=size", ".strip", 20),
    Card("sparsity", "sparse_lens=units", ".units", 20),
    Card("denoising", "denoising_corruption_stddev=0.4", ".strip", 20),
    Card("variational", "variational_beta=1", ".st-key-variational_map_pad", 20),
    Card("map", "map_perplexity=30", ".st-key-map_pad", 20),
    Card("labels", "labels_num_labels=100", "img.network", 45),
)


def main(address: str) -> None:
    """Takes all pictures."""
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for theme in ("light", "dark"):
            page = browser.new_page(viewport=VIEW, color_scheme=theme)
            for card in CARDS:
                suffix = "-dark" if theme == "dark" else ""
                _take(page, address, card).save(
                    FOLDER / f"{card.page}-card{suffix}.png", optimize=True
                )
        browser.close()


def _take(page: Any, address: str, card: Card) -> Image.Image:
    page.goto(f"{address}/{card.page}?{card.query}")
    page.locator(card.top).first.wait_for(timeout=120_000)
    page.wait_for_timeout(1000 * card.seconds)
    left, top = _box(page, STAGE), _box(page, card.top)
    clip = {"x": left["x"], "y": top["y"] - 8, "width": left["width"]}
    picture = page.screenshot(clip=clip | {"height": left["width"] * HEIGHT / WIDTH})
    small = Image.open(io.BytesIO(picture)).convert("RGB").resize((WIDTH, HEIGHT))
    return small.quantize(NUM_COLOURS)


def _box(page: Any, css: str) -> Any:
    """Where something stands; a page that trains draws it anew again and again."""
    while (box := page.locator(css).first.bounding_box()) is None:
        page.wait_for_timeout(50)
    return box


if __name__ == "__main__":
    main(sys.argv[1])
