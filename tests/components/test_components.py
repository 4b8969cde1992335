"""Components without a browser: pictures, words and what text may do."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from components import errors, figures, image_sheet, run_panel, story
from components.colours import LIGHT
from core.cluster import ClusterStatus
from core.configs import SparseConfig, StackedConfig
from core.experiments import Experiment, Move
from core.progress import Record

INK = "#102030"


def decode(img):
    data = re.search(r"base64,([^\"]+)", img).group(1)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def record(epoch, **parts):
    parts = parts | {"total": sum(parts.values())}
    return Record(epoch, parts, {}, parts, {})


def test_strokes_are_ink_whose_opacity_is_the_brightness():
    x = np.array([[0.0, 1.0, 0.5, 2.0], [1.0, 1.0, 1.0, 1.0]])
    pixels = decode(image_sheet.make(x, (2, 2), INK, alt="two", columns=2))
    assert pixels[0, 0].tolist() == [16, 32, 48, 0]
    assert pixels[0, 2, 3] == 255
    assert pixels[2, 0, 3] == 128
    assert pixels[2, 2, 3] == 255
    assert pixels[:, 4:6, 3].max() == 0


def test_photographs_are_grey():
    pixels = decode(image_sheet.make(np.full((1, 4), 0.5), (2, 2), INK, alt="", drawn=False))
    assert pixels.shape[2] == 3
    assert pixels[0, 0].tolist() == [128, 128, 128]


def test_an_alt_text_is_never_markup():
    assert "<script>" not in image_sheet.make(np.zeros((1, 4)), (2, 2), INK, alt='"><script>')


def test_the_curve_draws_each_part_once_train_solid_and_test_dashed():
    experiment = Experiment(config=StackedConfig())
    figure = figures.make_loss_curve([record(1, reconstruction=0.5)], experiment, LIGHT)
    assert [trace.name for trace in figure.data] == [
        "reconstruction, train",
        "reconstruction, test",
    ]
    assert [trace.line.dash for trace in figure.data] == ["solid", "dash"]
    sparse = Experiment(config=SparseConfig())
    records = [record(1, reconstruction=0.5, l1_penalty=0.1)]
    figure = figures.make_loss_curve(records, sparse, LIGHT)
    assert {trace.name for trace in figure.data if trace.line.dash == "solid"} == {
        "reconstruction, train",
        "L1 penalty, train",
        "total, train",
    }


def test_the_curve_is_labelled_before_there_is_anything_to_draw_and_marks_moves():
    experiment = Experiment(config=StackedConfig(), moves=(Move(250, "learning_rate", 0.01),))
    figure = figures.make_loss_curve([], experiment, LIGHT)
    assert figure.layout.xaxis.title.text == "epoch"
    assert "mean squared error" in figure.layout.yaxis.title.text
    assert figure.layout.shapes[0].x0 == 2.0
    assert figure.layout.annotations[0].text == "Learning rate → 0.01"


@pytest.mark.parametrize("text", ["![x](http://a)", "<b>", "**a**", "$x$", ":red[a]", "`a`"])
def test_text_of_any_origin_has_no_active_sign(text):
    assert not re.search(r"(?<!\\)[*_`\[\]<>$!:]", errors.plain(text))


def test_changes_are_named_in_words():
    ours = Experiment(config=StackedConfig())
    wanted = Experiment(
        config=StackedConfig(latent_dim=10, learning_rate=0.1), dataset="digits8", num_epochs=7
    )
    assert run_panel._structural_changes(ours, wanted) == [
        "Data 5,000 digits → 1,797 small digits",
        "Bottleneck size 30 → 10",
    ]


def test_a_cosine_schedule_makes_the_length_structural():
    ours = Experiment(config=StackedConfig(learning_rate_decay="cosine"))
    wanted = Experiment(config=ours.config, num_epochs=7)
    assert run_panel._structural_changes(ours, wanted) == ["Epochs at most 100 → 7"]


@pytest.mark.parametrize("page", ["home", "autoencoder"])
def test_stories_have_what_the_pages_show(page):
    sections = story.sections(page)
    assert sections["lead"]
    assert all(sections.values())


def test_a_download_is_a_bar(monkeypatch):
    bars = []
    monkeypatch.setattr(run_panel, "download_progress", lambda _: 0.25)
    monkeypatch.setattr(run_panel.CLUSTER, "status", lambda: ClusterStatus(1, 1, None))
    monkeypatch.setattr(run_panel.st, "progress", lambda share, text: bars.append((share, text)))
    run_panel._show_waiting(Experiment(config=StackedConfig(), dataset="mnist"))
    ((share, text),) = bars
    assert share == 0.25
    assert "25%" in text
