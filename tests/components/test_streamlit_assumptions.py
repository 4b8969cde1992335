"""What the project takes for granted of Streamlit beyond its documentation, all of it used in
components/streamlit_adapter alone. A new Streamlit that is another fails here, with a sentence that
says what then goes wrong.
"""

import inspect
import tomllib
from pathlib import Path

import pytest
import streamlit as st
from streamlit import file_util, net_util, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.session_manager import SessionManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))


def settings(values, section=""):
    """The names of all settings, those of sections within sections too."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from settings(value, f"{section}{name}.")
        else:
            yield f"{section}{name}"


def holds(is_so: bool, otherwise: str) -> None:
    assert is_so, f"Streamlit {st.__version__}: {otherwise}"


def test_the_address_on_the_internet_is_looked_up_unless_it_is_known(monkeypatch):
    holds(hasattr(net_util, "_external_ip"), "outside_address.py fills in a name that is gone.")
    monkeypatch.setattr(net_util, "_external_ip", "")
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("asked"))
    holds(not net_util.get_external_ip(), "the server asks the internet for its own address again.")


def test_the_folder_of_pages_is_looked_into_unless_it_is_forbidden():
    told = "a first visitor with the address of a page gets its bare file (pages_folder.py)."
    holds("uses_pages_directory" in vars(PagesManager), told)
    holds("uses_pages_directory" in inspect.getsource(PagesManager.__init__), told)


def test_a_run_knows_its_visit_and_whether_it_is_of_a_fragment():
    fields = set(inspect.signature(ScriptRunContext).parameters)
    holds("session_id" in fields, "no visit ends with its tab (session_end.py).")
    holds("fragment_ids_this_run" in fields, "fragments lose what they draw (flush.py).")


def test_the_runtime_knows_the_visits_and_can_end_one():
    told = "what a visit held is never let go (session_end.py)."
    holds(callable(getattr(runtime.Runtime, "close_session", None)), told)
    holds(callable(getattr(SessionManager, "get_session_info", None)), told)
    holds("_session_mgr" in inspect.getsource(runtime.Runtime.__init__), told)
    holds(callable(getattr(runtime.Runtime, "is_active_session", None)), told)


def test_uploaded_files_are_stored_by_visit():
    """As `held.py` counts them."""
    told = "uploads count against no budget (held.py)."
    files = MemoryUploadedFileManager("/upload")
    files.add_file("visit", UploadedFileRec("1", "name", "text/plain", b"12345"))
    stored = [len(file.data) for file in files.file_storage["visit"].values()]
    holds(stored == [5], told)
    holds("uploaded_file_mgr" in dir(runtime.Runtime), told)


def test_the_page_document_has_a_head():
    text = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    told = "our script is in no page: links and Back break (page_document.py)."
    holds(text.count("<head>") == 1, told)


@pytest.mark.parametrize("name", list(settings(CONFIG)))
def test_a_setting_is_known(name):
    known = st.config._config_options_template
    holds(name in known, f"the setting {name} of .streamlit/config.toml is ignored.")
    deprecated = known[name].deprecated
    holds(not deprecated, f"the setting {name} of .streamlit/config.toml is deprecated.")


@pytest.mark.parametrize("name", ["lifespan", "middleware", "on_script_error"])
def test_the_app_takes_what_stands_around_it(name):
    holds(name in inspect.signature(st.App).parameters, f"st.App takes no {name} (app.py).")
