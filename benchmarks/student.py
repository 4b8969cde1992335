"""One student: a browser without a screen, which speaks Streamlit's own protocol to the app.

It keeps what stands on the page, fires the timers of the fragments as a browser does, and tells
how long it took until something showed.
"""

import asyncio
import contextlib
import itertools
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ELSEWHERE = "127.0.0.2"
GOING_AWAY = 1001  # what a browser says when a tab is closed or a page reloaded
COUNT = re.compile(r"\*\*([\d,]+)\*\* of ")
LETTERS = re.compile(r"<b>(.)</b>")
REPLAY = ":material/history:"
RESTING = (":material/flag:", ":material/pause: Paused.")

Place = tuple[int, ...]


class Shown(NamedTuple):
    """An element on the page: its kind, what it says, the fragment that drew it, in which run."""

    kind: str
    element: Any
    fragment: str
    run: int


class Change(NamedTuple):
    """Something new at a place of the page, and the latest run of the whole page by then."""

    kind: str
    element: Any
    page_run: int


class Student:
    """A visit of one page.

    Args:
        address: Of the app's WebSocket.
        cookie: Sent along; a proxy may want it.
        elsewhere: Whether it comes from another address of this computer.

    Attributes:
        errors: Sentences: exceptions and errors on the page, a connection that was lost.
        replayed: Whether the page said that it replays an earlier run.
    """

    def __init__(self, address: str, cookie: str = "", *, elsewhere: bool = False) -> None:
        self.errors: list[str] = []
        self.replayed = False
        self.query = ""
        self._address = address
        self._page = ""
        self._page_hash = ""
        self._headers = {"Cookie": cookie} if cookie else {}
        self._from = {"local_addr": (ELSEWHERE, 0)} if elsewhere else {}
        self.session = ""
        self._shown: dict[Place, Shown] = {}
        self._widgets: dict[str, WidgetState] = {}
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._cached: dict[str, ForwardMsg] = {}
        self._runs = itertools.count(1)
        self._run = 0
        self._page_run = 0
        self._fragments: tuple[str, ...] = ()
        self._waiting: tuple[Callable[[Change], bool], asyncio.Future[float]] | None = None
        self._socket: ClientConnection | None = None
        self._listener: asyncio.Task[None] | None = None

    async def open(self, page: str, query: str) -> float:
        """Opens a page by a link; answered is the page's title, which follows the knobs."""
        self._page = page
        self.query = query
        with self._answer(lambda change: change.kind == "heading") as answer:
            self._socket = await connect(
                self._address,
                additional_headers=self._headers,
                **self._from,
                subprotocols=["streamlit"],
                max_size=None,
                ping_interval=None,
            )
            self._listener = asyncio.create_task(self._listen(self._socket))
            await self._run_again()
            return await answer()

    async def turn(self, name: str, steps: int) -> float:
        """Moves a slider, at its end the other way; answered is the first thing on the page, the
        slider itself apart, that is no longer what it was, once the run of the whole page after the
        move has begun.
        """
        slider = self._find("slider", name)
        known = self._widgets.get(slider.id)
        at = slider.options.index(known.string_array_value.data[0]) if known else slider.default[0]
        to = int(at) + steps
        to = to if 0 <= to < len(slider.options) else int(at) - steps
        state = WidgetState(id=slider.id)
        state.string_array_value.data.append(slider.options[to])
        before = self._page_run
        return await self._act(
            state,
            lambda change: (
                change.page_run > before and getattr(change.element, "id", "") != slider.id
            ),
        )

    async def type(self, name: str, word: str) -> float:
        """Types a word; answered is the word, letter by letter, as the model reads it."""
        state = WidgetState(id=self._find("text_input", name).id, string_value=word)
        return await self._act(
            state,
            lambda change: (
                change.kind == "html"
                and "".join(LETTERS.findall(change.element.body)).startswith(word)
            ),
        )

    async def pause(self) -> float:
        """Presses Pause; answered is the button's turning into Play."""
        state = WidgetState(id=self._find("button", "_pause").id, trigger_value=True)
        return await self._act(
            state, lambda change: change.kind == "button" and change.element.id.endswith("_play")
        )

    async def press(self, name: str) -> None:
        """Presses a button, and waits for nothing."""
        state = WidgetState(id=self._find("button", name).id, trigger_value=True)
        self._widgets[state.id] = state
        await self._run_again(self._fragment_of(state.id))
        del self._widgets[state.id]

    async def leave(self) -> None:
        """Closes the connection, as a closed tab does."""
        self._stop_timers()
        if self._listener:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        if self._socket:
            await self._socket.close(GOING_AWAY)

    @property
    def epochs(self) -> int:
        """How many epochs, or iterations of a map, the page says are done."""
        found = (COUNT.search(bar.text) for bar in self._elements("progress"))
        return max((int(match[1].replace(",", "")) for match in found if match), default=0)

    @property
    def progress(self) -> list[tuple[float, str]]:
        """How far the page says that its runs are."""
        return [(bar.value, bar.text) for bar in self._elements("progress")]

    @property
    def is_at_rest(self) -> bool:
        """Whether the page says that the run has ended or is paused."""
        return any(each.body.startswith(RESTING) for each in self._elements("markdown"))

    @property
    def can_pause(self) -> bool:
        """Whether there is a button to pause with."""
        return any(each.id.endswith("_pause") for each in self._elements("button"))

    @property
    def status(self) -> str:
        """What the page says of the run, for a reader of the benchmark."""
        texts = [each.body for each in self._elements("markdown")]
        return next((text[:80] for text in texts if text.startswith(":material/")), "nothing")

    async def _act(self, state: WidgetState, is_answer: Callable[[Change], bool]) -> float:
        fragment = self._fragment_of(state.id)
        with self._answer(is_answer) as answer:
            self._widgets[state.id] = state
            await self._run_again(fragment)
            if state.HasField("trigger_value"):
                del self._widgets[state.id]
            return await answer()

    def _fragment_of(self, widget: str) -> str:
        """The fragment that has drawn a widget."""
        return next(
            shown.fragment
            for shown in self._shown.values()
            if getattr(shown.element, "id", "") == widget
        )

    @contextlib.contextmanager
    def _answer(
        self, is_answer: Callable[[Change], bool]
    ) -> Iterator[Callable[[], Awaitable[float]]]:
        """From here to the answer, in seconds."""
        started = time.perf_counter()
        found = asyncio.get_running_loop().create_future()
        self._waiting = is_answer, found

        async def seconds() -> float:
            return await found - started

        yield seconds
        self._waiting = None

    async def _run_again(self, fragment: str = "", *, is_auto_rerun: bool = False) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.fragment_id = fragment
        state.page_script_hash = self._page_hash
        state.is_auto_rerun = is_auto_rerun
        state.page_name = "" if self._page_hash else self._page
        state.widget_states.widgets.extend(self._widgets.values())
        state.cached_message_hashes.extend(self._cached)
        state.context_info.locale = "en-GB"
        state.context_info.timezone = "Europe/Helsinki"
        if self._socket:
            await self._socket.send(message.SerializeToString())

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                message = ForwardMsg.FromString(data)
                if message.WhichOneof("type") == "ref_hash":
                    metadata = message.metadata
                    message = self._cached[message.ref_hash]
                    message.metadata.CopyFrom(metadata)
                elif message.metadata.cacheable:
                    self._cached[message.hash] = message
                self._take(message)
            raise ConnectionError("the server closed it")
        except (ConnectionClosed, OSError, KeyError) as error:
            self.errors.append(f"The connection was lost: {error!r}.")

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
            self._begin(tuple(message.metadata.run.fragment_ids))
        elif kind == "delta":
            self._draw(tuple(message.metadata.delta_path), message.delta)
        elif kind == "script_finished":
            self._end(message.script_finished)
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._set_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._stop_timers(fragment)
        elif kind == "session_event":
            self.errors.append(f"The script did not compile: {str(message.session_event)[:200]}")

    def _begin(self, fragments: tuple[str, ...]) -> None:
        self._run = next(self._runs)
        self._fragments = fragments
        if not fragments:
            self._page_run = self._run
            self._stop_timers()

    def _draw(self, place: Place, delta: Any) -> None:
        if delta.WhichOneof("type") != "new_element":
            self._shown.pop(place, None)
            return
        for below in [p for p in self._shown if len(p) > len(place) and p[: len(place)] == place]:
            del self._shown[below]
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind)
        before = self._shown.get(place)
        self._shown[place] = Shown(kind, element, delta.fragment_id, self._run)
        if kind == "exception":
            self.errors.append(f"An exception on the page: {element.message[:200]}")
        if kind == "alert" and element.format == Alert.ERROR:
            self.errors.append(f"An error on the page: {element.body[:200]}")
        self.replayed |= kind == "markdown" and element.body.startswith(REPLAY)
        is_new = before is None or before.element != element
        if not is_new or self._waiting is None or self._waiting[1].done():
            return
        if self._waiting[0](Change(kind, element, self._page_run)):
            self._waiting[1].set_result(time.perf_counter())

    def _end(self, status: int) -> None:
        """Forgets what the run did not draw again."""
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._shown = {p: s for p, s in self._shown.items() if s.run >= self._page_run}
        elif status == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
            self._shown = {
                place: shown
                for place, shown in self._shown.items()
                if shown.run == self._run or shown.fragment not in self._fragments
            }

    def _set_timer(self, fragment: str, interval: float) -> None:
        if self._timers.get(fragment, (0.0, None))[0] != interval:
            self._stop_timers(fragment)
            self._timers[fragment] = interval, asyncio.create_task(self._tick(fragment, interval))

    async def _tick(self, fragment: str, interval: float) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(interval)
                await self._run_again(fragment, is_auto_rerun=True)

    def _stop_timers(self, fragment: str | None = None) -> None:
        for name in [fragment] if fragment else list(self._timers):
            if name in self._timers:
                self._timers.pop(name)[1].cancel()

    def _elements(self, kind: str) -> Iterator[Any]:
        return (shown.element for shown in self._shown.values() if shown.kind == kind)

    def _find(self, kind: str, name: str) -> Any:
        """The widget whose key ends so."""
        return next(each for each in self._elements(kind) if each.id.endswith(name))
