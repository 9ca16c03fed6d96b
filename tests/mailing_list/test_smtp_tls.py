"""Letters over TLS, to a real mail server with a certificate of its own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.message import letter
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp import Answer, SmtpCarrier
from funnel.mailing_list.smtp_url import SmtpUrl
from funnel.mailing_list.witnessed import WitnessedCarrier

from .mail_server import Mailroom, free_port
from .samples import NOW, SENDER, Person, edition

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not count TLS from the first byte


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def secure_server(certificate: Path, tls: str) -> Iterator[tuple[Mailroom, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    room, port = Mailroom(), free_port()

    def check(
        _server: object, _session: object, _envelope: object, _mechanism: str, login: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=login.login == b"ada" and login.password == b"p@ss", handled=False)

    more = {"ssl_context": context} if tls == "whole" else {"tls_context": context, "require_starttls": True}
    login = {"authenticator": check, "auth_required": True, "auth_require_tls": tls == "start"}
    controller = Controller(room, hostname="127.0.0.1", port=port, **more, **login)
    controller.start()
    try:
        yield room, port
    finally:
        controller.stop()


def carry(port: int, tls: str, password: str = "p@ss") -> Answer:
    message = letter(edition(), SENDER, Person("ada@example.com", "Ada"), NOW)  # type: ignore[arg-type]
    with SmtpCarrier(SmtpUrl("127.0.0.1", port, tls, "ada", Secret(password))) as carrier:
        return carrier.carry(message, lambda: None).answer


@pytest.mark.parametrize("tls", ["whole", "start"])
def test_letters_go_over_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch, tls: str) -> None:
    """TLS from the first byte and STARTTLS both work, with a name and a password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with secure_server(certificate, tls) as (room, port):
        assert carry(port, tls) is Answer.TAKEN and room.counts == {"ada@example.com": 1}


@pytest.mark.parametrize("tls", ["whole", "start"])
def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, tls: str) -> None:
    """A server whose certificate is not trusted gets no password and no letter, and the words say why."""
    with secure_server(certificate, tls) as (room, port):
        with pytest.raises(SetupFault, match="does not trust"):
            carry(port, tls)
        assert not room.took


def test_a_wrong_password_is_told(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused login is told without the password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with secure_server(certificate, "start") as (_room, port):
        with pytest.raises(SetupFault, match="refused the name and password") as fault:
            carry(port, "start", "secret-word")
        assert "secret-word" not in str(fault.value)


def test_a_server_without_tls_is_refused() -> None:
    """A server that offers no TLS gets no letter."""
    room, port = Mailroom(), free_port()
    controller = Controller(room, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with pytest.raises(SetupFault, match="offers no TLS"):
            carry(port, "start")
    finally:
        controller.stop()


def test_the_witness_speaks_tls_and_says_what_is_wrong(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The second process that letters go through uses the same TLS and the same words as the first."""
    message = letter(edition(), SENDER, Person("ada@example.com", "Ada"), NOW)  # type: ignore[arg-type]
    with secure_server(certificate, "start") as (room, port):
        where = SmtpUrl("127.0.0.1", port, "start", "ada", Secret("p@ss"))
        record = tmp_path / "letters.sqlite3"
        with (
            WitnessedCarrier(where, record, "site/1", print) as carrier,
            pytest.raises(SetupFault, match="does not trust"),
        ):
            carrier.carry(message, lambda: None)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with WitnessedCarrier(where, record, "site/1", print) as carrier:
            assert carrier.carry(message, lambda: None).answer is Answer.TAKEN
        assert room.counts == {"ada@example.com": 1}
