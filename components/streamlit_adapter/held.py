"""What visits hold of their own data on this server: the files that Streamlit keeps, and what was
read from them. Both count against one budget of a visit, and of the server.
"""

from collections import Counter
from collections.abc import Mapping

from streamlit import runtime

from core.jobs import visits
from core.jobs.memory import SERVER_BYTES, VISIT_BYTES
from core.message import Message

NOTHING: Mapping[str, int] = {}


def problem(visit: str, num_bytes: int, on_the_way: Mapping[str, int] = NOTHING) -> str:
    """Why a visit cannot hold so many bytes more, or "".

    Args:
        on_the_way: Bytes of files that are being sent, by visit.
    """
    held = _files() + visits.own_bytes() + Counter(on_the_way)
    if held[visit] + num_bytes > VISIT_BYTES:
        return Message(
            "Your own data may take {most:,.0f} MB in all; with these they would take "
            "{size:,.0f} MB. Bring fewer or smaller files, or reload the page to begin "
            "without any.",
            most=VISIT_BYTES / 1e6,
            size=(held[visit] + num_bytes) / 1e6,
        )
    if held.total() + num_bytes > SERVER_BYTES:
        return Message(
            "This server holds as much data of visitors as it can. Try again when others have "
            "finished, or choose smaller files."
        )
    return ""


def _files() -> Counter[str]:
    if not runtime.exists():
        return Counter()
    stored = runtime.get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    return Counter(
        {
            visit: sum(len(file.data) for file in list(files.values()))
            for visit, files in list(stored.items())
        }
    )
