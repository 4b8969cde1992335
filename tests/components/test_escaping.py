"""Text from outside is shown as it is: in Markdown, in HTML and in plotly."""

import html
import json
import re
from html.parser import HTMLParser

import numpy as np
import plotly.graph_objects as go
import pytest

from components.figures import charts, drawing, heat_maps, label_figures, unit_figures
from components.figures.colours import LIGHT
from components.figures.latent_figures import Spot, make_rate_distortion
from components.figures.letters import Letter, Window
from components.figures.letters import make as make_letters
from components.parts.board.plots import PLOTS, make_board
from components.parts.denoising import marks
from components.parts.labels import mistakes, vote
from components.parts.spelling import correct, neighbours
from components.words.escaping import disarm, in_plotly, join, markup, plain, trusted
from core.configs import StackedConfig
from core.configs.labels import LabelConfig
from core.engine.state import Record
from core.experiments import Experiment
from core.pretraining.experiment import ARMS, LabelExperiment
from core.pretraining.questions import Judgement, Votes
from core.store.board import Entry

HOSTILE = (
    '<a href="https:evil.example">A</a>',
    "<h1 onclick=alert(1)>x</h1>",
    "<b>bold</b>",
    "%{y}<br>&lt;i&gt;",
    "$x^2$",
    "T-shirt/top",
)


class Elements(HTMLParser):
    """The elements and the texts of a piece of HTML, attributes included."""

    def __init__(self, fragment):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(fragment)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.texts += [value for _, value in attrs]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize(
    "text", ["![x](http://a)", "<b>", "**a**", "$x$", ":red[a]", "`a`", "`**x**`@b", "``www.a.b``"]
)
def test_markdown_has_no_active_character(text):
    outside_code = re.sub(r"(?<!\\)`[^`]*`", "", plain(text))
    assert not re.search(r"(?<!\\)[*_`\[\]<>$!:]", outside_code)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Nobody answers at tcp://10.0.0.1:8786.", "tcp://10.0.0.1:8786"),
        ("(see https://a.example/b_c?d=1*2)", "https://a.example/b_c?d=1*2"),
        ("www.a.example", "www.a.example"),
        ("ask me@a.example!", "me@a.example"),
    ],
)
def test_an_address_in_a_sentence_can_be_copied_and_is_no_link(text, address):
    assert f"`{address}`" in plain(text)
    assert "\u2060" not in plain(text)


def test_what_looks_like_an_icon_is_parted_and_a_port_is_not():
    assert ":\u2060material" in plain(":material/home:").replace("\\", "")
    assert "\u2060" not in plain("10.0.0.1:8786 at 12:30")


def test_values_in_html_are_escaped_once():
    inner = markup("<b>{name}</b>", name=HOSTILE[0])
    outer = markup('<i title="{title}">{inner}{n:.1f}</i>', title='"x" onclick=1', inner=inner, n=2)
    found = Elements(outer)
    assert found.tags == ["i", "b"]
    assert found.texts == ['"x" onclick=1', HOSTILE[0], "2.0"]
    assert join([inner, trusted("<hr>")]) == inner + "<hr>"


class Drawn:
    """A column that remembers what is drawn in it."""

    def __init__(self):
        self.fragments, self.figures = [], []

    def html(self, fragment):
        self.fragments.append(fragment)

    def plotly_chart(self, figure, **_):
        self.figures.append(figure)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_typed_texts_are_no_html(name):
    words = marks.Row(name, name, (20.0, 0.01), "#000000")
    answer = Votes(dict.fromkeys(ARMS, 0), {})
    window = Window(0, 1, 1.0, name)
    for fragment, allowed in (
        (marks.make([words]), {"div", "i", "span", "s", "b", "em"}),
        (vote._table(answer, (name,)), {"div", "span", "b", "s", "i"}),
        (neighbours._card(name, [(name, 0.5)]), {"div", "h5", "span", "s", "b"}),
        (correct._card(name, False, ()), {"div", "h5", "small"}),
        (make_letters([Letter("<", 1)], LIGHT, [window]), {"div", "b", "u", "i"}),
    ):
        found = Elements(fragment)
        assert set(found.tags) <= allowed
        assert name[:40] in [text.strip() for text in found.texts]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_class_name_under_a_mistake_is_shown_as_it_is(name, monkeypatch):
    drawn = Drawn()
    monkeypatch.setattr(mistakes, "show_html", lambda fragment: drawn.html(fragment))
    settings = LabelExperiment(config=LabelConfig(), dataset="mnist5k")
    mistake = np.zeros(1, int)
    answer = Judgement(
        confusion=np.array([[3, 1], [0, 4]]), rows=mistake, predicted=mistake + 1, actual=mistake,
        lead=mistake, num_tested=8, shown=np.zeros((1, 784), np.uint8),
    )  # fmt: skip
    mistakes._show_worst(settings, answer, (name, "other"))
    found = Elements(drawn.fragments[0])
    assert set(found.tags) == {"div", "figure", "img", "figcaption"}
    assert f"{name} → other" in found.texts


def _figures(name):
    record = Record(3, {"total": 0.1, "reconstruction": 0.1}, {"accuracy": 0.5, "l0": 2.0},
                    {"total": 0.1, "reconstruction": 0.1}, {})  # fmt: skip
    entry = Entry("1", name, Experiment(config=StackedConfig()), record, "x", 0.0)
    square = np.eye(2)
    return {
        "confusion": label_figures.make_confusion(square, [name, "b"], ARMS[0], LIGHT),
        "kinds": label_figures.make_kinds({name: {ARMS[0]: {0: 0.5}}}, 10, LIGHT),
        "spots": label_figures.make_curves({}, [(10, 0.5, name)], LIGHT),
        "forms": charts.make_form_map([[name, "b"]], square, LIGHT),
        "letters": charts.make_letter_map([name], square[:1], ["vowels"], LIGHT),
        "comparison": charts.make_comparison([(name, [record]), ("b", [record])], LIGHT),
        "sizes": charts.make_size_curve([(3, 0.1, name)], None, LIGHT),
        "accuracy": charts.make_accuracy([(name, [record])], name, name, LIGHT),
        "trace": charts.make_trace([(0, 1.0)], title=name, limit=(0.5, name), colours=LIGHT),
        "tensors": heat_maps.make([(name, square)], [name, "b"], LIGHT),
        "matrix": heat_maps.make_matrix(square, [name, "b"], [name, "c"], LIGHT),
        "frontier": unit_figures.make_frontier(
            [unit_figures.Spot("KL", 1.0, 1.0, name)], name, name, LIGHT
        ),
        "nats": make_rate_distortion([Spot(1.0, 1.0, name, name)], None, name, LIGHT),
        "board": make_board(PLOTS["epochs"], [entry], "x", LIGHT),
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_every_figure_shows_names_as_they_are(name):
    for title, figure in _figures(name).items():
        drawn = Drawn()
        drawing.show_figure(figure, key="x", alt="x", place=drawn)
        found = [each for each in _texts(json.loads(drawn.figures[0].to_json()))]
        assert any(name in html.unescape(each) for each in found), title
        assert [each for each in found if re.search("[<$]", each)] == [], title


def _texts(part, place=""):
    """Every text in a figure as it goes to the browser, but the templates and numbers packed as
    base64.
    """
    if isinstance(part, str):
        if place not in ("hovertemplate", "texttemplate", "bdata"):
            yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            if key != "template":
                yield from _texts(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value, place)


def test_arrays_of_numbers_and_harmless_texts_stay_the_same():
    figure = go.Figure(go.Scatter(x=np.arange(3), y=[1.0, 2.0, 3.0], text=["a", "b", "c"]))
    before = figure.to_json()
    disarm(figure)
    assert figure.to_json() == before


def test_plotly_reads_the_text_back():
    assert html.unescape(in_plotly("<&$&lt;")) == "<&$&lt;"
