"""Every page opens without an exception, and its knobs stand where the link says."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from components.pages import HOME, ROOMS
from components.runs import own_images
from components.words import story
from core.datasets import Dataset, name_own
from core.message import Message
from core.presets import DENOISING
from tests.records import CHAINED, RECORDS, RUN_PAGES

ROOT = Path(__file__).resolve().parents[2]
STAGES = {page.story: (page.key, page.presets, page.stage.parts) for page in RECORDS}
PRESS = "*Data* is set to them. Press **Start again** to train on them."
GOES_ON = "The page goes on with them."
WITH_PICTURES = {page: (key, PRESS) for page, (key, _, _) in STAGES.items()} | {
    "map": ("map", GOES_ON),
    "labels": ("labels", "*Data* is set to them."),
}
PICTURES = "Read from own.zip: 120 pictures in 2 classes (cat, dog)."
PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))


@pytest.fixture
def app():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def pictures(count):
    """A zip of grey squares in two folders."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for i in range(count):
            picture = io.BytesIO()
            Image.fromarray(np.full((28, 28), i, np.uint8)).save(picture, "PNG")
            archive.writestr(f"{('cat', 'dog')[i % 2]}/{i}.png", picture.getvalue())
    return file.getvalue()


def said(app):
    return [each.value for each in app.success]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens(app, page):
    app.run()
    app.switch_page(f"pages/{page}").run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_in_korean(app, page):
    app.query_params["language"] = "ko"
    app.run()
    app.switch_page(f"pages/{page}").run()
    assert not app.exception
    assert not app.error
    words = " ".join(each.value for each in (*app.title, *app.markdown))
    assert re.search("[가-힣]", words)


def test_every_page_is_in_the_navigation_and_has_a_card_with_words():
    assert sorted(room.path for room in (HOME, *ROOMS)) == [f"pages/{page}" for page in PAGES]
    assert all(story.sections(room.story)["home"] for room in ROOMS)


def test_every_knob_has_a_help_text_on_the_page(app):
    app.run()
    app.switch_page("pages/autoencoder.py").run()
    widgets = [*app.selectbox, *app.select_slider, *app.number_input, *app.toggle, *app.button]
    assert len(widgets) > 12
    assert all(widget.help for widget in widgets)


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, stage in STAGES.items() for name in stage[1]]
)
def test_a_preset_turns_every_knob_and_chooses_its_part(app, page, name):
    key, presets, parts = STAGES[page]
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    app.button(key=f"{key}_preset_{name}").click().run()
    assert not app.exception
    assert not app.error
    experiment = presets[name].experiment
    assert app.selectbox(key=f"{key}_dataset").value == experiment.dataset
    assert app.select_slider(key=f"{key}_latent_dim").value == str(experiment.config.latent_dim)
    assert app.session_state[f"{key}_lens"] == presets[name].lens
    assert presets[name].lens in parts
    assert app.session_state[f"page:{key}"].job.experiment == experiment


@pytest.mark.parametrize(
    ("page", "part"), [(page, part) for page, stage in STAGES.items() for part in stage[2]]
)
def test_every_part_says_something_before_there_is_anything_to_see(app, page, part):
    key = STAGES[page][0]
    app.query_params[f"{key}_lens"] = part
    app.switch_page(f"pages/{page}.py").run()
    assert app.session_state[f"{key}_lens"] == part
    assert not app.exception
    assert not app.error, [error.value for error in app.error]


def test_denoising_opens_with_its_first_preset_and_what_the_link_says(app):
    app.query_params["denoising_corrupted_fraction"] = "0.75"
    app.query_params["denoising_corruption"] = "masking"
    app.switch_page("pages/denoising.py").run()
    opened = app.session_state["page:denoising"].job.experiment
    first = DENOISING["masking"].experiment
    assert opened == replace(first, config=replace(first.config, corrupted_fraction=0.75))


def test_a_link_names_the_lens_and_a_foreign_one_is_ignored(app):
    for named, expected in (("network", "network"), ("<script>", "loss")):
        app.query_params.clear()
        app.query_params["stacked_lens"] = named
        app.switch_page("pages/autoencoder.py").run()
        assert not app.exception
        assert app.session_state["stacked_lens"] == expected
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def test_own_images_of_another_visitor_are_in_no_link(app):
    data = Dataset(np.zeros((30, 784)), np.zeros((8, 784)), image_shape=(28, 28))
    name = name_own(data)
    app.query_params["stacked_dataset"] = name
    app.switch_page("pages/autoencoder.py").run()
    assert any("own data are in no link" in w.value.replace("\\", "") for w in app.warning)
    assert app.session_state["page:stacked"].job.experiment.dataset == "mnist5k"


@pytest.mark.parametrize(("spoken", "title"), [("en", "Your 38 pictures"), ("ko", "내 그림 38장")])
def test_own_images_become_a_choice_of_the_knob(app, spoken, title):
    app.query_params["language"] = spoken
    app.run()
    app.switch_page("pages/autoencoder.py").run()
    data = Dataset(np.zeros((30, 784)), np.zeros((8, 784)), image_shape=(28, 28))
    name = name_own(data)
    app.session_state["own"] = {name: (Message("Your {count:,} pictures", count=38), data)}
    app.run()
    assert title in app.selectbox(key="stacked_dataset").options
    app.selectbox(key="stacked_dataset").set_value(name).run()
    assert not app.exception
    assert not app.error
    assert any(title in caption.value for caption in app.caption)


def test_own_data_are_confirmed_on_every_page_until_the_knob_says_others(app):
    pages = (*RUN_PAGES, *CHAINED)
    assert {page.story for page in pages if page.own is own_images.show} == WITH_PICTURES.keys()
    app.run()
    archive = pictures(120)
    for page, (key, then) in WITH_PICTURES.items():
        app.switch_page(f"pages/{page}.py").run()
        app.file_uploader(key=f"{key}_zip").upload("own.zip", archive).run()
        assert not app.exception, page
        assert said(app) == [f"{PICTURES} {then}"], page
        knob = app.selectbox(key=f"{key}_dataset")
        assert knob.value.startswith("own"), page
        knob.set_value("digits8").run()
        assert said(app) == [f"{PICTURES} Choose them under *Data* to use them."], page


def test_pasted_texts_are_confirmed_beside_the_box(app):
    app.run()
    app.switch_page("pages/characters.py").run()
    lines = "talo,fi\nkala,fi\nmeri,fi\nhouse,en\nfish,en\nsea,en"
    app.text_area(key="character_lines").set_value(lines).run()
    assert not app.exception
    read = "Read from the pasted lines: 6 texts in 2 classes (en, fi)."
    press = "*Task* is set to them. Press **Start again** to train on them."
    assert said(app) == [f"{read} {press}"]
    assert [toast.value for toast in app.toast] == [read]
    assert app.selectbox(key="character_dataset").value.startswith("own")
    app.button(key="character_reset").click().run()
    assert said(app) == [f"{read} The run on this page uses them."]
    app.button(key="character_preset_toy").click().run()
    assert said(app) == [f"{read} Choose them under *Task* to use them."]
    app.text_area(key="character_lines").set_value("talo").run()
    assert len(app.success) == 0
    assert len(app.warning) == 1


def test_own_pictures_that_a_page_cannot_use_yet_are_only_its_data(app):
    app.query_params["labels_source"] = "words"
    app.run()
    app.switch_page("pages/labels.py").run()
    archive = pictures(120)
    app.file_uploader(key="labels_zip").upload("own.zip", archive).run()
    assert said(app) == [f"{PICTURES} *Data* is set to them."]
    app.selectbox(key="labels_source").set_value("stacked").run()
    assert "There are 96 images to label" in app.error[0].value
    assert said(app) == [f"{PICTURES} *Data* is set to them."]
    app.select_slider(key="labels_num_labels").set_value("50").run()
    assert said(app) == [f"{PICTURES} The page goes on with them."]


def test_no_button_is_named_that_a_lesson_hides(app):
    app.query_params["sparse_dataset"] = "digits8"
    app.query_params["lesson_hide"] = "reset"
    app.switch_page("pages/sparsity.py").run()
    archive = pictures(120)
    app.file_uploader(key="sparse_zip").upload("own.zip", archive).run()
    assert said(app) == [f"{PICTURES} *Data* is set to them."]
