"""The kinds of corruption on the same digits, before any network sees them."""

from components.parts.denoising import testing
from components.runs import moments, stage
from components.streamlit_adapter import session
from components.words.language import t
from core.comparisons import corruption_of_each_kind
from core.engine.state import Snapshot
from core.experiments import Experiment
from core.message import Message
from core.queries.questions import Previews

WORDS = Message("""Levels as the knobs stand, the usual ones where they are 0.

- **Gaussian**: every pixel is moved, then cut to 0 and 1.
- **Masking**: some pixels become 0.
- **Dropout**: the same, and the others are made brighter by 1 / (1 - fraction).
- **Salt and pepper**: some become 0, as many others 1.""")


def show(snapshot: Snapshot, experiment: Experiment, key: str) -> None:
    """Ten test images under each kind, at the levels where the knobs stand."""
    job = moments.shown(key)
    wanted = session.page(key).wanted or experiment
    chosen = corruption_of_each_kind(wanted.config)
    answer = (
        job.ask(Previews(chosen))
        if job and wanted.dataset == experiment.dataset and snapshot.phase != "failed"
        else None
    )
    if answer is None:
        stage.show_waiting(t("Ten test images will appear here under every kind of corruption."))
        return
    corrupted = zip(chosen, answer.x_tilde, strict=True)
    rows = [(testing.words_of(each), x, "corrupted") for each, x in corrupted]
    strip, words = stage.columns([1.9, 1], key)
    with strip:
        stage.show_rows([(t("test image"), answer.x, "ink"), *rows], experiment)
    words.markdown(t(WORDS))
