"""Components without a browser: pictures, words and what text may do."""

import base64
import io
import re
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from components.figures import architecture, charts, formula, image_sheet
from components.figures.colours import LIGHT
from components.parts.autoencoder import numbers
from components.runs import chained, compare, measures, own_run, run_panel
from components.streamlit_adapter import polling
from components.words import story
from core.configs import SparseConfig, StackedConfig
from core.engine.state import Record, Snapshot
from core.experiments import Experiment, Move
from core.jobs.cluster import ClusterStatus
from core.jobs.runner import Job
from core.presets import AUTOENCODER
from core.queries.questions import Floor, LossFloor, Pca, PcaBeside

INK = "#102030"


def decode(img):
    data = re.search(r"base64,([^\"]+)", img).group(1)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


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
    for kind, middle in (("photographs", 0.5), ("contrasts", 0.0)):
        sheet = image_sheet.make(np.full((1, 4), middle), (2, 2), INK, alt="", columns=1, kind=kind)
        pixels = decode(sheet)
        assert pixels[0, 0].tolist() == [128, 128, 128, 255]
        assert pixels[0, 4, 3] == 0


def test_an_alt_text_is_never_markup():
    assert "<script>" not in image_sheet.make(np.zeros((1, 4)), (2, 2), INK, alt='"><script>')


def test_the_curve_draws_each_part_once_train_solid_and_test_dashed():
    experiment = Experiment(config=StackedConfig())
    figure = charts.make_loss_curve([record(1, reconstruction=0.5)], experiment, LIGHT)
    assert [trace.name for trace in figure.data] == [
        "reconstruction, train",
        "reconstruction, test",
    ]
    assert [trace.line.dash for trace in figure.data] == ["solid", "dash"]
    sparse = Experiment(config=SparseConfig())
    records = [record(1, reconstruction=0.5, l1_penalty=0.1)]
    figure = charts.make_loss_curve(records, sparse, LIGHT)
    assert {trace.name for trace in figure.data if trace.line.dash == "solid"} == {
        "reconstruction, train",
        "L1 penalty, train",
        "total, train",
    }


def test_the_curve_is_labelled_before_there_is_anything_to_draw_and_marks_moves():
    experiment = Experiment(config=StackedConfig(), moves=(Move(250, "learning_rate", 0.01),))
    figure = charts.make_loss_curve([], experiment, LIGHT)
    assert figure.layout.xaxis.title.text == "epoch"
    assert "mean squared error" in figure.layout.yaxis.title.text
    assert figure.layout.shapes[0].x0 == 2.0
    assert figure.layout.annotations[0].text == "Learning rate → 0.01"


def test_changes_are_named_in_words():
    ours = Experiment(config=StackedConfig())
    wanted = Experiment(
        config=StackedConfig(latent_dim=10, learning_rate=0.1), dataset="digits8", num_epochs=7
    )
    assert own_run.structural_changes(ours, wanted) == [
        "Data 5,000 digits → 1,797 small digits",
        "Bottleneck size 30 → 10",
    ]


def test_a_cosine_schedule_makes_the_length_structural():
    ours = Experiment(config=StackedConfig(learning_rate_decay="cosine"))
    wanted = Experiment(config=ours.config, num_epochs=7)
    assert own_run.structural_changes(ours, wanted) == ["Epochs at most 100 → 7"]


@pytest.mark.parametrize("page", ["home", "autoencoder"])
def test_stories_have_what_the_pages_show(page):
    presets = {"autoencoder": AUTOENCODER}
    sections = story.sections(page)
    assert all(sections.values())
    for name in presets.get(page, ()):
        assert f"{name}: look for" in sections
        assert f"{name}: formula" in sections


def test_a_download_is_a_bar(monkeypatch):
    bars = []
    monkeypatch.setattr(run_panel, "download_progress", lambda _: 0.25)
    monkeypatch.setattr(run_panel.CLUSTER, "status", lambda: ClusterStatus(1, 1, None))
    monkeypatch.setattr(run_panel.st, "progress", lambda share, text: bars.append((share, text)))
    job = Job(Experiment(config=StackedConfig(), dataset="mnist"), (), lambda: False)
    run_panel._show_waiting(job, "It is being built.")
    ((share, text),) = bars
    assert share == 0.25
    assert "25%" in text


@pytest.mark.parametrize("text", ["70, 68 66;64\t62 60,58 56", " 70 68 66 64 62 60 58 56 "])
def test_own_numbers_are_read_however_they_are_separated(text):
    assert numbers.read_numbers(text).tolist() == [70, 68, 66, 64, 62, 60, 58, 56]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2 3", "received 3"),
        ("1 2 3 4 5 6 7 8 9 10", "more than 8"),
        ("1 2 3 4 5 6 7 <b>", "Numbers only"),
        ("1 2 3 4 5 6 7 nan", "between"),
        ("1 2 3 4 5 6 7 1e300", "between"),
        ("", "received 0"),
    ],
)
def test_other_texts_are_refused_with_a_sentence(text, words):
    with pytest.raises(ValueError, match=words):
        numbers.read_numbers(text)


def test_the_network_is_drawn_with_every_size_and_activation():
    sizes, activations = (64, 100, 8, 64), ("relu", "linear", "<b>")
    values = [np.linspace(-1, 1, size) for size in sizes]
    image = architecture.draw(sizes, activations, values, LIGHT)
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", image).group(1)).decode()
    assert all(f">{size}</text>" in svg for size in sizes)
    assert svg.count("<image") == len(sizes)
    assert "&lt;b&gt;" in svg
    assert "<b>" not in svg
    assert "64 → 100 → 8 → 64" in image
    assert "<image" not in architecture.draw(sizes, activations, None, LIGHT)


def test_the_waist_of_a_thumbnail_is_the_code():
    svg = architecture.thumbnail((784, 100, 30, 100, 784), LIGHT)
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" fill', svg)]
    assert heights[2] == min(heights)
    assert svg.count(LIGHT.latents) == 1
    assert architecture.thumbnail((64, 128, 64), LIGHT).count(LIGHT.latents) == 1


def test_a_comparison_says_what_differs():
    ours = Experiment(config=StackedConfig(latent_dim=10))
    other = Experiment(config=StackedConfig())
    assert compare.difference(ours, other) == "only Bottleneck size 30 → 10"
    assert compare.difference(ours, ours) == "the same knobs"
    assert compare.name_of(ours, other) == "Bottleneck size 30", "the other run, not the change"
    assert compare.name_of(ours, ours) == "the same knobs"


def test_a_run_that_trains_on_keeps_its_place_in_the_menu(monkeypatch):
    present = Experiment(config=StackedConfig(latent_dim=10))

    def others(epochs):
        jobs = [
            run(Experiment(config=StackedConfig(latent_dim=dim)), epoch)
            for dim, epoch in ((3, 2), (4, epochs), (4, epochs), (5, 0))
        ]
        monkeypatch.setattr(compare.session, "other_jobs", lambda _: jobs)
        monkeypatch.setattr(compare, "_library", lambda _: [])
        return compare._others(run(present, 9), "stacked")

    assert list(others(1)) == list(others(7)) == ["2", "0"], "equal ones once, the latest first"
    assert [other.experiment.config.latent_dim for other in others(7).values()] == [4, 3]


def run(experiment, epoch):
    records = [Record(epoch, {}, {}, {}, {})] if epoch else []
    return SimpleNamespace(experiment=experiment, snapshot=lambda: SimpleNamespace(records=records))


def test_one_answer_that_is_on_its_way_is_waited_for_at_a_time():
    asked = []
    job = SimpleNamespace(ask=asked.append)
    assert measures.robustness(job) is None
    assert len(asked) == 1


def test_the_size_curve_ends_where_pca_says_nothing_more():
    errors = [1.0, 0.5, 0.1, 0.0]
    figure = charts.make_size_curve([(2, 0.2, "before"), (1, 0.6, "now")], errors, LIGHT)
    pca, before, now = figure.data
    assert (list(pca.x), list(pca.y)) == ([1, 2], [0.5, 0.1])
    assert (list(before.x), list(now.x)) == ([2], [1])


def snapshot(records=(), views=None, traces=None):
    return Snapshot(
        "paused", 0, list(records), views or {}, traces or {}, None, 0.0, False, False, None
    )


def test_the_formula_holds_the_numbers_of_now():
    experiment = Experiment(config=StackedConfig(latent_dim=5))
    assert not any("train" in line for line in formula.lines(snapshot(), experiment))
    errors = np.linspace(1, 0, 785)
    drawn = formula.lines(
        snapshot(
            [record(1, reconstruction=0.0123)],
            {Pca(): PcaBeside(errors, None, 12.0)},
            {"largest_angle": [(3, 80.0), (9, 12.0)]},
        ),
        experiment,
    )
    text = " ".join(drawn)
    assert r"784 \to 100 \to 5 \to 100 \to 784" in text
    assert "0.0123" in text
    assert f"{errors[5]:.3g}" in text
    assert r"\theta_{\max} &= 12^\circ" in text
    assert "80" not in text


def test_the_formula_of_cross_entropy_names_its_floor():
    experiment = Experiment(config=StackedConfig(reconstruction_loss="bce"))
    drawn = formula.lines(snapshot(views={LossFloor(): Floor(0.0581)}), experiment)
    assert r"\ln\hat x_i" in drawn[1]
    assert "0.0581" in drawn[2]


def test_small_numbers_are_powers_of_ten():
    experiment = Experiment(config=StackedConfig())
    drawn = formula.lines(snapshot([record(1, reconstruction=3.9e-7)]), experiment)
    assert r"3.90\cdot 10^{-7}" in drawn[1]


def test_a_network_that_waits_before_a_map_says_its_place_in_the_line(monkeypatch):
    said = []
    monkeypatch.setattr(run_panel.registry, "num_training", lambda: 3)
    monkeypatch.setattr(run_panel.registry, "place", lambda _: (2, 4))
    monkeypatch.setattr(run_panel.CLUSTER, "status", lambda: ClusterStatus(1, 1, None))
    monkeypatch.setattr(run_panel.st, "markdown", said.append)
    job = SimpleNamespace(
        experiment=Experiment(config=StackedConfig()), silent_seconds=2.0, is_held_back=False
    )
    panel = chained.Panel(lambda *_: job, chained.Words("iteration", "", "", str))
    run_panel._show_status(panel, snapshot()._replace(phase="training"), job, "map")
    assert "**2** of 4 in line" in said[0]
    job.is_held_back = True
    assert "No more runs can train at the same time. This one is **2** of 4" in run_panel.queue(job)
    monkeypatch.setattr(run_panel.registry, "num_training", lambda: 1)
    job.is_held_back = False
    assert run_panel.queue(job) == "", "nobody else is at work: its own chunk takes long"


def test_a_limit_stands_where_it_belongs_on_a_logarithmic_axis_too():
    curve = charts.make_loss_curve([], Experiment(config=StackedConfig()), LIGHT)
    charts.add_limit(curve, 0.01, "floor", LIGHT)
    (line,), (note,) = curve.layout.shapes, curve.layout.annotations
    assert (line.y0, line.y1) == (0.01, 0.01)
    assert note.y == -2, "plotly wants the exponent for words, and the value for lines"


def test_pages_look_less_often_when_a_job_has_its_turn_less_often(monkeypatch):
    monkeypatch.setattr(polling.CLUSTER, "status", lambda: ClusterStatus(2, 2, None))
    paces, awaits = [], [False]
    monkeypatch.setattr(polling.session, "awaits_first", lambda _: awaits[0])
    for count in (1, 3, 30, 60):
        monkeypatch.setattr(polling, "num_training", lambda count=count: count)
        paces.append(polling._pace("stacked"))
    awaits[0] = True
    assert polling._pace("stacked") * polling.POLL_SECONDS == 1, "the first picture is told soon"
    assert paces[:2] == [1, 1]
    assert paces[2] * polling.POLL_SECONDS == pytest.approx(30 * 0.3 / 2, rel=0.4)
    assert paces[3] == 2 * paces[2]


def test_a_part_that_sleeps_while_another_moves_has_the_page_drawn_again(monkeypatch):
    monkeypatch.setattr(polling, "_pace", lambda _: 1)
    resting = []
    monkeypatch.setattr(polling.session, "visitor", lambda: SimpleNamespace(resting=resting))
    moves, still = (lambda: True), (lambda: False)
    assert not polling._is_out_of_step(moves, 1, "map"), "all parts are awake"
    assert polling._is_out_of_step(still, 1, "map"), "it came to rest"
    assert not polling._is_out_of_step(still, 0, "map")
    resting.append(moves)
    assert polling._is_out_of_step(moves, 1, "map"), "another part was drawn just before it began"
    resting[:] = [still]
    assert not polling._is_out_of_step(moves, 1, "map")
