"""The page of few labels: presets, parts, sentences, own runs."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.parts import labels
from core.configs.labels import ALL
from core.presets import LABELS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    return app


def test_presets_turn_every_knob_and_choose_their_part(app):
    app.switch_page("pages/labels.py").run()
    for name, preset in LABELS.items():
        app.button(key=f"labels_preset_{name}").click().run()
        assert not app.exception
        assert not app.error
        config = preset.experiment.config
        assert app.selectbox(key="labels_source").value == config.source
        assert app.session_state["labels_num_labels"] == f"{config.num_labels}"
        assert app.session_state["labels_lens"] == preset.lens
        assert preset.lens in labels.STAGE.parts


def test_every_part_says_something_before_there_is_anything_to_see(app):
    for part in labels.STAGE.parts:
        app.session_state["labels_lens"] = part
        app.switch_page("pages/labels.py").run()
        assert not app.exception
        assert not app.error
        assert app.info


def test_another_seed_turns_the_knob(app):
    app.switch_page("pages/labels.py").run()
    app.button(key="labels_reseed").click().run()
    assert app.number_input(key="labels_seed").value == 1


def test_more_labels_than_images_are_a_sentence_and_the_page_stays(app):
    app.switch_page("pages/labels.py").run()
    app.selectbox(key="labels_dataset").select("digits8").run()
    app.select_slider(key="labels_num_labels").set_value("2000").run()
    assert not app.exception
    assert "1,438 images to label; received 2,000 labels" in app.error[0].value
    app.select_slider(key="labels_num_labels").set_value(f"{ALL}").run()
    assert not app.error
    assert app.select_slider(key="labels_num_labels").options[-1] == "all"


def test_a_link_to_a_run_that_this_visitor_does_not_have_opens_all_the_same(app):
    app.query_params["labels_source"] = "page-denoising"
    app.switch_page("pages/labels.py").run()
    assert not app.exception
    assert app.selectbox(key="labels_source").value == "denoising"


def test_the_run_of_another_page_becomes_a_choice_and_character_models_do_not(app):
    for page in ("autoencoder", "characters"):
        app.switch_page(f"pages/{page}.py").run()
    app.switch_page("pages/labels.py").run()
    options = app.selectbox(key="labels_source").options
    assert "The run of the page Autoencoder" in options
    assert "The run of the page Characters" not in options
    app.selectbox(key="labels_source").select("page-stacked").run()
    assert not app.exception
