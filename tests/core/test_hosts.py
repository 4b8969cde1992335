"""Under which hosts a server answers, and what it says about itself."""

import socket

import pytest

from core.server import preflight
from core.server.hosts import LOOPBACK, allowed_hosts, announcement, host_of, named_hosts

URL = "http://{}:8501"


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        ("localhost:8501", "localhost"),
        ("LOCALHOST.", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:8501", "::1"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("Lab-1.example.org:80", "lab-1.example.org"),
        ("xn--9i2bo1v.kr", "xn--9i2bo1v.kr"),
    ],
)
def test_a_host_has_one_form(authority, host):
    assert host_of(authority) == host


@pytest.mark.parametrize(
    "authority",
    [
        "", ".", ":8501", "localhost:", "localhost:99999", "localhost:-1", "localhost:٣", "a b",
        "a,b", "evil@localhost", "localhost/evil", "http://localhost", "[::1", "[::g]", "::1",
        "[127.0.0.1]", "é.example", "localhost\x00", "a" * 9 + "\n.example", "*",
    ],
)  # fmt: skip
def test_what_is_no_host_is_none(authority):
    assert host_of(authority) is None


def test_further_hosts_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_HOSTS", " Lab.example.org, 192.168.0.5:8501,fd00::2,[fd00::3],,")
    assert named_hosts() == ["lab.example.org", "192.168.0.5", "fd00::2", "fd00::3"]
    assert allowed_hosts(["0.0.0.0", "::", ""]) == {*LOOPBACK, *named_hosts()}
    monkeypatch.delenv("BOTTLENECK_HOSTS")
    assert allowed_hosts(["0.0.0.0"]) == set(LOOPBACK)
    assert allowed_hosts(["10.0.0.7", "fd00::2"]) == {*LOOPBACK, "10.0.0.7", "fd00::2"}


@pytest.mark.parametrize("entry", ["http://lab.example", "*", "*.example.org", "한글.kr", "a b"])
def test_an_entry_that_is_no_host_is_a_sentence(entry, monkeypatch):
    monkeypatch.setenv("BOTTLENECK_HOSTS", f"lab.example.org,{entry}")
    with pytest.raises(ValueError, match="such as lab.example.org,192.168.0.5") as problem:
        named_hosts()
    assert repr(entry) in str(problem.value)


def test_the_server_says_which_address_to_give(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_HOSTS", "192.168.0.5,fd00::2")
    text = announcement("0.0.0.0", URL)
    assert "http://localhost:8501" in text
    assert "Give to others: http://192.168.0.5:8501\n" in text
    assert "It also answers to: http://[fd00::2]:8501" in text
    assert "Behind a proxy it also answers to: 192.168.0.5" in announcement("127.0.0.1", URL)


def test_a_server_that_nobody_else_can_open_says_how_to_let_others_in(monkeypatch):
    monkeypatch.delenv("BOTTLENECK_HOSTS", raising=False)
    assert "Only this computer can open it. For a class: make serve" in announcement(
        "127.0.0.1", URL
    )
    assert "make serve, or set BOTTLENECK_HOSTS" in announcement("", URL)
    assert announcement("10.0.0.7", URL) == "Bottleneck runs at http://10.0.0.7:8501"


def test_the_addresses_of_this_computer_are_found_without_sending_anything(monkeypatch):
    monkeypatch.setenv("BOTTLENECK_HOSTS", " lab.example ,192.168.0.5")
    monkeypatch.setattr(preflight, "_address_of_route", lambda: ["10.0.0.7"])
    monkeypatch.setattr(preflight, "_addresses_of_interfaces", lambda: ["172.17.0.1", "10.0.0.7"])
    monkeypatch.setattr(socket, "gethostname", lambda: "Desk-3")
    assert preflight.hosts_to_give() == [
        "lab.example", "192.168.0.5", "10.0.0.7", "172.17.0.1", "desk-3", "desk-3.local"
    ]  # fmt: skip
    monkeypatch.undo()

    def send(*_):
        raise AssertionError("a name was looked up or something was sent")

    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, send)
    monkeypatch.setattr(preflight.socket.socket, "send", send, raising=False)
    for address in (*preflight._address_of_route(), *preflight._addresses_of_interfaces()):
        assert host_of(address) == address
        assert not address.startswith(("127.", "169.254."))


@pytest.mark.parametrize(
    ("name", "names"),
    [("desk.lab.example", ["desk.lab.example"]), ("localhost", []), ("My Mac", []), ("컴퓨터", [])],
)
def test_a_name_that_is_no_host_is_not_given(name, names, monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    assert preflight._own_names() == names


def test_a_computer_in_no_network_says_so(monkeypatch):
    monkeypatch.delenv("BOTTLENECK_HOSTS", raising=False)
    monkeypatch.setattr(preflight, "_address_of_route", list)
    monkeypatch.setattr(preflight, "_addresses_of_interfaces", list)
    with pytest.raises(SystemExit, match="BOTTLENECK_HOSTS=.* make serve"):
        preflight.hosts_to_give()
