//! TLS with a real client: what is agreed, the change of the certificate, and files that are wrong.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey as Made, generate_simple_self_signed};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::{TlsConnector, client};
use tracing::field::Field;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use super::*;
use crate::serve::{Drained, HasTls, Port, Timeouts, bind, serve_with};

const LATE: Duration = Duration::from_secs(20);
const SOON: Duration = Duration::from_millis(200);

/// A folder with a certificate and its key.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new() -> Folder {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("hallpass-tls-{}-{number}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).unwrap();
        folder
    }

    fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.0.join("cert.pem"), key: self.0.join("key.pem") }
    }

    fn write(&self, certificate: &str, key: &str) {
        let files = self.files();
        fs::write(&files.certificate, certificate).unwrap();
        fs::write(&files.key, key).unwrap();
        permit(&files.key, 0o600);
    }

    /// Writes a new pair, and returns the certificate for a client.
    fn renew(&self) -> CertificateDer<'static> {
        let made = made();
        self.write(&made.cert.pem(), &made.signing_key.serialize_pem());
        made.cert.der().clone()
    }
}

fn made() -> Made<rcgen::KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

struct Serving {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Drained>,
}

/// A server that answers whether a request came by TLS.
async fn serving(tls: Tls, handshake: Duration) -> Serving {
    let listener = bind("127.0.0.1:0".parse().unwrap(), "--listen").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = Router::new().fallback(|request: Request<Body>| async move {
        format!("{:?}", request.extensions().get::<HasTls>())
    });
    let port = Port { listener, tls: Some(tls), most_connections: 100 };
    let shutdown = async { stopped.await.unwrap_or_default() };
    let timeouts = Timeouts { handshake, head: LATE, idle: LATE, stall: LATE };
    let served = tokio::spawn(serve_with(port, router, shutdown, LATE, timeouts));
    Serving { address, stop, served }
}

type Stream = client::TlsStream<TcpStream>;

impl Serving {
    /// Connects a client that trusts a certificate.
    async fn connect(
        &self,
        trusted: &CertificateDer<'static>,
        versions: &[&'static SupportedProtocolVersion],
        protocols: &[&[u8]],
    ) -> io::Result<Stream> {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let mut config = builder
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        let stream = TcpStream::connect(self.address).await?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    async fn accepts(&self, trusted: &CertificateDer<'static>) -> bool {
        self.connect(trusted, &[&TLS13], &[]).await.is_ok()
    }
}

fn request() -> Request<Body> {
    Request::get("/").header("host", "localhost").body(Body::empty()).unwrap()
}

async fn text(response: hyper::Response<hyper::body::Incoming>) -> String {
    use http_body_util::BodyExt as _;
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn clients_choose_the_version_and_the_protocol() {
    let folder = Folder::new();
    let certificate = folder.renew();
    let serving = serving(Tls::open(folder.files()).unwrap(), LATE).await;

    for version in [&TLS12, &TLS13] {
        let stream = serving.connect(&certificate, &[version], &[b"h2"]).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (mut client, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let response = client.send_request(request()).await.unwrap();
        assert_eq!(response.version(), hyper::Version::HTTP_2);
        assert_eq!(text(response).await, "Some(HasTls(true))");

        let stream = serving.connect(&certificate, &[version], &[b"http/1.1"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let response = client.send_request(request()).await.unwrap();
        assert_eq!(text(response).await, "Some(HasTls(true))");
    }
    let other = serving.connect(&certificate, &[&TLS13], &[b"spdy/1"]).await;
    assert!(other.is_err(), "no protocol in common");
}

#[tokio::test]
async fn a_changed_certificate_is_in_force_for_new_connections_and_ends_no_other() {
    let folder = Folder::new();
    let first = folder.renew();
    let tls = Tls::open(folder.files()).unwrap();
    let serving = serving(tls.clone(), LATE).await;
    let stream = serving.connect(&first, &[&TLS13], &[]).await.unwrap();
    let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let _ = text(client.send_request(request()).await.unwrap()).await;

    let second = folder.renew();
    assert!(serving.accepts(&first).await, "not read yet");
    tls.certificate.refresh();

    assert!(serving.accepts(&second).await && !serving.accepts(&first).await);
    let answer = text(client.send_request(request()).await.unwrap()).await;
    assert_eq!(answer, "Some(HasTls(true))");
}

/// Counts the lines of the log by level.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut text = String::new();
        event.record(&mut |_: &Field, value: &dyn fmt::Debug| text = format!("{value:?}"));
        self.0.lock().unwrap().push(format!("{} {}", event.metadata().level(), text));
    }
}

#[test]
fn files_that_are_wrong_change_nothing_and_are_logged_once() {
    let folder = Folder::new();
    folder.renew();
    let tls = Tls::open(folder.files()).unwrap();
    let current = || Arc::clone(&tls.certificate.current.read().unwrap());
    let first = current();
    let (one, other) = (made(), made());
    let lines = Lines::default();
    let subscriber = tracing_subscriber::registry().with(lines.clone());
    let logged = || std::mem::take(&mut *lines.0.lock().unwrap());

    tracing::subscriber::with_default(subscriber, || {
        let pair = (one.cert.pem(), other.signing_key.serialize_pem());
        let wrong: [&dyn Fn(); 4] = [
            &|| folder.write(&pair.0, &pair.1),
            &|| folder.write("none", &pair.1),
            &|| fs::remove_file(folder.files().key).unwrap(),
            &|| {
                folder.renew();
                permit(&folder.files().key, 0o644);
            },
        ];
        for change in wrong {
            change();
            for _ in 0..3 {
                tls.certificate.refresh();
            }
            let logged = logged();
            assert!(logged.len() == 1 && logged[0].starts_with("WARN "), "{logged:?}");
            assert!(logged[0].contains("`tls_"), "{logged:?}");
            assert!(Arc::ptr_eq(&first, &current()));
        }

        permit(&folder.files().key, 0o600);
        tls.certificate.refresh();
        tls.certificate.refresh();
        assert_eq!(logged(), ["INFO the certificate has changed and is in force"]);
        assert!(!Arc::ptr_eq(&first, &current()));
    });
}

#[test]
fn a_pair_that_is_wrong_is_refused_with_its_file() {
    let (one, other) = (made(), made());
    let (cert, key) = (one.cert.pem(), one.signing_key.serialize_pem());
    let check = |cert: &str, key: &str, mode: u32, expected: &str| {
        let folder = Folder::new();
        folder.write(cert, key);
        permit(&folder.files().key, mode);
        let problem = Tls::open(folder.files()).map(drop);
        let shown = problem.clone().err().unwrap_or_else(|| "accepted".to_owned());
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains('\n') && !shown.contains("BEGIN"), "{shown}");
    };
    check(&cert, &key, 0o600, "accepted");
    check(&cert, &key, 0o400, "accepted");
    check(
        &cert,
        &other.signing_key.serialize_pem(),
        0o600,
        "is not the key of the certificate",
    );
    check("", &key, 0o600, "holds no certificate in PEM");
    check(&key, &key, 0o600, "holds no certificate in PEM");
    check(&cert, "", 0o600, "holds no private key in PEM");
    check(&cert, &cert, 0o600, "holds no private key in PEM");
    for mode in [0o604, 0o602, 0o644, 0o660, 0o666] {
        check(&cert, &key, mode, "other users can read or change");
    }
    let absent = Tls::open(Folder::new().files()).map(drop);
    assert!(absent.is_err_and(|text| text.contains("`tls_certificate`: cannot read")));
}

#[tokio::test]
async fn a_handshake_that_is_not_finished_in_time_is_ended_and_delays_no_shutdown() {
    let folder = Folder::new();
    let certificate = folder.renew();
    let tls = Tls::open(folder.files()).unwrap();
    let hurried = serving(tls.clone(), SOON).await;
    for half in [&b""[..], b"\x16\x03\x01", b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"] {
        let mut stream = TcpStream::connect(hurried.address).await.unwrap();
        stream.write_all(half).await.unwrap();
        let mut bytes = Vec::new();
        let ended = tokio::time::timeout(LATE, stream.read_to_end(&mut bytes)).await;
        assert!(ended.is_ok(), "{half:?} stays open");
        assert!(!bytes.starts_with(b"HTTP/"), "{bytes:?}");
    }
    assert!(hurried.accepts(&certificate).await);

    let patient = serving(tls, Duration::from_hours(1)).await;
    let _half = TcpStream::connect(patient.address).await.unwrap();
    assert!(patient.accepts(&certificate).await);
    patient.stop.send(()).unwrap();
    let drained = tokio::time::timeout(LATE, patient.served).await;
    assert_eq!(drained.unwrap().unwrap(), Drained { aborted: 0 });
}
