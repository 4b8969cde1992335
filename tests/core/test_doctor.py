"""What a first start can fail of is said in a sentence with the received value and the way out."""

import socket

import pytest

from core.server import preflight


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_a_python_without_tensorflow_is_refused(version):
    with pytest.raises(SystemExit, match=rf"this is Python 3\.{version[1]}.*make run PYTHON="):
        preflight.check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 13)])
def test_a_python_with_tensorflow_passes(version):
    preflight.check_python(version)


def test_a_port_in_use_is_refused_and_a_free_one_passes():
    with socket.socket() as holder:
        holder.bind(("", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        with pytest.raises(SystemExit, match=f"Port {port} cannot be used.*make run PORT="):
            preflight.check_port(port)
    preflight.check_port(port)


@pytest.mark.parametrize("port", ["", "0", "70000", "8501; rm", "²", "9" * 5000])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(SystemExit, match="whole number from 1 to 65535"):
        preflight.check_port(port)


@pytest.mark.parametrize("address", ["no-address", "a b", "203.0.113.9"])
def test_an_address_of_no_interface_is_refused(address):
    with pytest.raises(SystemExit, match="ADDRESS must be an address of this computer") as refusal:
        preflight.check_port("8501", address)
    assert repr(address) in str(refusal.value)
