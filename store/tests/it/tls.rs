//! TLS to PostgreSQL: which certificates of the server are accepted.

use std::sync::Arc;

use hallpass_store::{Db, Options};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::fixture::{self, TestDatabase};

/// The message of the protocol that asks for TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// An authority that issues certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// What a server needs that has a certificate for a name.
    fn server(&self, name: &str) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap()
    }

    /// A file with the certificate of the authority, and the folder that is deleted with it.
    fn file(&self) -> (TestDatabase, String) {
        let folder = TestDatabase::folder();
        let file = folder.location();
        std::fs::write(&file, &self.pem).unwrap();
        (folder, file)
    }
}

/// Adds TLS to the server of a database. Returns the location of the database behind it.
async fn with_tls(database: &TestDatabase, config: ServerConfig) -> String {
    let location = database.location();
    let (head, rest) = location.split_once('@').unwrap();
    let (server, path) = rest.split_once('/').unwrap();
    let server = server.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (server, acceptor) = (server.clone(), acceptor.clone());
            tokio::spawn(async move { forward(client, &server, &acceptor).await });
        }
    });
    format!("{head}@127.0.0.1:{port}/{path}")
}

/// Forwards a connection that is encrypted. Another one is closed, as is one whose handshake fails.
async fn forward(client: TcpStream, server: &str, acceptor: &TlsAcceptor) {
    let (mut client, mut request) = (client, [0; 8]);
    client.read_exact(&mut request).await.unwrap();
    if request != SSL_REQUEST {
        return;
    }
    client.write_all(b"S").await.unwrap();
    let Ok(mut client) = acceptor.accept(client).await else { return };
    let mut server = TcpStream::connect(server).await.unwrap();
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

/// The parameter that names a file of root certificates.
fn trusting(file: &str) -> String {
    format!("sslmode=verify-full&sslrootcert={}", file.replace('/', "%2F"))
}

async fn works(location: &str) {
    let db =
        Db::open(location, &Options { connections: 2, ..Options::default() }).await.unwrap();
    let none: [hallpass_store::Value; 0] = [];
    let rows = db.read().await.unwrap().query("SELECT 1 AS one", &none).await.unwrap();
    assert_eq!(rows.iter().count(), 1);
}

#[tokio::test]
async fn a_certificate_of_the_right_authority_for_the_right_name_is_accepted() {
    let (database, authority) = (TestDatabase::server().await, Authority::new());
    let location = with_tls(&database, authority.server("127.0.0.1")).await;
    let (_folder, file) = authority.file();

    works(&format!("{location}?{}", trusting(&file))).await;
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let (database, authority) = (TestDatabase::server().await, Authority::new());
    let location = with_tls(&database, authority.server("127.0.0.1")).await;
    let (_folder, file) = Authority::new().file();

    let refusal = fixture::refusal(&format!("{location}?{}", trusting(&file))).await;

    assert!(refusal.contains("invalid peer certificate: "), "{refusal}");
    // Nor do the authorities of the platform have it.
    let refusal = fixture::refusal(&format!("{location}?sslmode=verify-full")).await;
    assert!(refusal.contains("invalid peer certificate: "), "{refusal}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (database, authority) = (TestDatabase::server().await, Authority::new());
    let (_folder, file) = authority.file();
    for name in ["127.0.0.2", "db.example.com"] {
        let location = with_tls(&database, authority.server(name)).await;

        let refusal = fixture::refusal(&format!("{location}?{}", trusting(&file))).await;

        assert!(refusal.contains("certificate not valid for name \"127.0.0.1\""), "{refusal}");
    }
}

#[tokio::test]
async fn any_certificate_is_accepted_where_none_is_asked_for() {
    let (database, authority) = (TestDatabase::server().await, Authority::new());
    let location = with_tls(&database, authority.server("db.example.com")).await;

    for mode in ["prefer", "require"] {
        works(&format!("{location}?sslmode={mode}")).await;
    }
    // The proxy closes connections that are not encrypted.
    let _ = fixture::refusal(&format!("{location}?sslmode=disable")).await;
}
