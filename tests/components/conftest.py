"""Small apps on a real server, for what Streamlit does itself."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def start_server(tmp_path_factory):
    """Starts a server for `page`, beside other modules, from their sources, with the settings of
    the app; returns its address.
    """
    processes = []

    def start(environment=None, **sources):
        folder = tmp_path_factory.mktemp("server")
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        for name, source in sources.items():
            (folder / f"{name}.py").write_text(source)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        options = {"headless": "true", "port": address.partition(":")[2]}
        told = {f"STREAMLIT_SERVER_{name.upper()}": value for name, value in options.items()}
        told |= {"PYTHONPATH": str(ROOT)} | (environment or {})
        command = [sys.executable, "-m", "streamlit", "run", "page.py"]
        processes.append(subprocess.Popen(command, cwd=folder, env=os.environ | told))
        return address

    yield start
    for process in processes:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def open_page():
    """Opens the page of a server, as soon as there is one; returns the connection."""

    def connect_to(server):
        deadline = time.monotonic() + 60
        while True:
            try:
                connection = connect(f"ws://{server}/_stcore/stream", subprotocols=["streamlit"])
                break
            except OSError:
                assert time.monotonic() < deadline, f"nothing answers at {server}"
                time.sleep(0.2)
        message = BackMsg()
        message.rerun_script.query_string = ""
        connection.send(message.SerializeToString())
        return connection

    return connect_to
