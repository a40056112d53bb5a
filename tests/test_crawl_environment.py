"""The environment's proxies and certificate authorities hold for every request of a crawl."""

import http.client
import select
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests import archives
from tests.crawling import crawl_study, outcomes, rows
from tests.lexicons import write_sources
from tests.loopback import Answer, LoopbackSite, article, outlet, sources


class Proxy:
    """A forward proxy on loopback: whatever host is asked for, `to` answers. `asked` are request lines."""

    def __init__(self, to: dict[str, str]) -> None:
        self.asked: list[str] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                proxy.asked.append(f"GET {self.path}")
                parts = urlsplit(self.path)
                target = http.client.HTTPConnection(to[parts.netloc], timeout=10)
                target.request("GET", f"{parts.path}{'?' if parts.query else ''}{parts.query}")
                answer = target.getresponse()
                body = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in {"transfer-encoding", "connection"}:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_CONNECT(self) -> None:
                proxy.asked.append(f"CONNECT {self.path}")
                host, _, port = to[self.path].partition(":")
                with socket.create_connection((host, int(port))) as far:
                    self.send_response(200)
                    self.end_headers()
                    ends = [self.connection, far]
                    while ready := select.select(ends, [], [], 10)[0]:
                        for end in ready:
                            data = end.recv(65536)
                            if not data:
                                return
                            (far if end is self.connection else self.connection).sendall(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Proxy":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the caller's own network settings."""
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)


def named(site: LoopbackSite, host: str, *pages: str, **listings: list[str]) -> str:
    """The outlet of a site under a name that only a proxy knows."""
    return outlet("gazette", site, *pages, **listings).replace(site.domain, host)


def test_every_request_goes_through_the_proxy_but_for_no_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages, feeds, robots.txt, probes, archives: all by http_proxy; what no_proxy names goes straight."""
    with LoopbackSite() as gazette, LoopbackSite() as near, archives.Wayback() as archive:
        feed = "<rss><channel><item><link>http://gazette.invalid/gossi</link></item></channel></rss>"
        gazette.routes |= {"/feed": Answer(feed.encode()), "/gossi": article("Gossi through a proxy")}
        near.routes["/gossi"] = article("Gossi without a proxy")
        archived = ("http://gazette.invalid/old-gossi", "20220510120000", 200, article("Gossi of old"))
        archive.captures.append(archived)
        hosts = {"gazette.invalid": gazette.domain, "archive.invalid": archive.domain}
        settings = archive.settings.replace(archive.domain, "archive.invalid")
        archive.home = "http://archive.invalid"
        with Proxy(hosts) as proxy:
            monkeypatch.setenv("http_proxy", proxy.address)
            monkeypatch.setenv("no_proxy", "127.0.0.1")
            write_sources(
                tmp_path,
                sources(
                    f"delay = 0.0\n[study.wayback]\n{settings}",
                    named(gazette, "gazette.invalid", feeds=["/feed"]) + '\nwayback = ["gazette.invalid"]',
                    outlet("near", near, "/gossi"),
                ),
            )
            result = crawl_study(tmp_path)
    assert (result.returncode, result.stderr, result.gaps) == (0, "", [])
    assert set(outcomes(tmp_path).values()) == {"on_topic"}
    assert len(outcomes(tmp_path)) == 2, "both outlets have a page /gossi"
    assert rows(tmp_path, "SELECT count(*) FROM article") == [(3,)]
    through = {line.partition("?")[0].partition("gossi-coverage-probe")[0] for line in proxy.asked}
    assert through == {
        "GET http://gazette.invalid/robots.txt", "GET http://gazette.invalid/feed",
        "GET http://gazette.invalid/", "GET http://gazette.invalid/gossi",
        "GET http://archive.invalid/robots.txt", "GET http://archive.invalid/cdx/search/cdx",
        "GET http://archive.invalid/web/20220510120000id_/http://gazette.invalid/old-gossi",
    }  # fmt: skip
    assert "/gossi" in near.paths()


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_proxy_of_the_own_network_is_asked_with_and_without_a_scheme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    """Its name leads to an address that no page may lead to; many environments name it as "host:3128"."""
    with LoopbackSite({"/gossi": article("Gossi through a proxy")}) as gazette:
        text = sources("delay = 0.0", named(gazette, "gazette.invalid", "/gossi"))
        write_sources(tmp_path, text.replace("allow_loopback = true", ""))
        with Proxy({"gazette.invalid": gazette.domain}) as proxy:
            address = proxy.address.replace("http://127.0.0.1", f"{scheme}localhost")
            monkeypatch.setenv("http_proxy", address)
            result = crawl_study(tmp_path)
    assert (result.returncode, result.stderr, result.failed) == (0, "", {})
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}


# TLS


class Authority:
    """An authority made for this test, and its certificate for 127.0.0.1 and gazette.invalid."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "authority.pem"
        self.server_file = folder / "server.pem"
        key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Fictional authority")])
        authority = self._signed(name, name, key, key, x509.BasicConstraints(ca=True, path_length=0))
        self.file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        hosts = x509.SubjectAlternativeName(
            [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("gazette.invalid")]
        )
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gazette.invalid")])
        server = self._signed(subject, name, server_key, key, hosts)
        self.server_file.write_bytes(
            server_key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + server.public_bytes(serialization.Encoding.PEM)
        )

    def _signed(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        extension: x509.ExtensionType,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(signer, hashes.SHA256())
        )


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority that nobody knows."""
    return Authority(tmp_path)


@pytest.fixture
def secure(authority: Authority) -> Iterator[LoopbackSite]:
    """A site that speaks TLS with a certificate of that authority."""
    site = LoopbackSite({"/gossi": article("Gossi over TLS")})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_file)
    server = site._server
    server.socket = context.wrap_socket(server.socket, server_side=True)
    site.home = site.home.replace("http://", "https://")
    with suppress(OSError), site:
        yield site


def test_an_authority_is_believed_only_where_ssl_cert_file_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority, secure: LoopbackSite
) -> None:
    """Without it nothing is taken from a server that nobody vouches for, robots.txt included."""
    write_sources(tmp_path, sources("delay = 0.0", outlet("gazette", secure, "/gossi")))
    result = crawl_study(tmp_path)
    assert (result.returncode, outcomes(tmp_path), secure.asked) == (2, {"/gossi": "unreachable"}, [])
    assert "SSL_CERT_FILE" in rows(tmp_path, "SELECT detail FROM candidate")[0][0]  # type: ignore[operator]
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    assert crawl_study(tmp_path).returncode == 0
    assert outcomes(tmp_path) == {"/gossi": "on_topic"}
    assert "/robots.txt" in secure.paths()


def test_a_certificate_of_another_host_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority, secure: LoopbackSite
) -> None:
    """Nothing is taken from a server that shows one, though its authority is believed."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    text = outlet("gazette", secure, "/gossi").replace("127.0.0.1", "localhost")
    write_sources(tmp_path, sources("delay = 0.0", text))
    result = crawl_study(tmp_path)
    assert (result.returncode, outcomes(tmp_path), secure.asked) == (2, {"/gossi": "unreachable"}, [])
    told = rows(tmp_path, "SELECT detail FROM candidate")
    assert told == [("robots.txt could not be read: its certificate is another host's",)]


def test_tls_goes_through_the_proxy_as_a_tunnel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: Authority, secure: LoopbackSite
) -> None:
    """https_proxy is asked to connect, and the certificate is still checked against the host's own name."""
    text = outlet("gazette", secure, "/gossi").replace(f"https://{secure.domain}", "https://gazette.invalid")
    write_sources(tmp_path, sources("delay = 0.0", text.replace(secure.domain, "gazette.invalid")))
    with Proxy({"gazette.invalid:443": secure.domain}) as proxy:
        monkeypatch.setenv("https_proxy", proxy.address)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        result = crawl_study(tmp_path)
    assert (result.returncode, outcomes(tmp_path)) == (0, {"/gossi": "on_topic"})
    assert set(proxy.asked) == {"CONNECT gazette.invalid:443"}
