//! TLS of the server: its certificate, which is read again when the files change.
//!
//! **Invariant:** the certificate in force always has its key: files that do not fit together change nothing.

use std::fmt;
use std::fs::{self, File};
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{InconsistentKeys, ServerConfig};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::{debug, info, warn};

/// How often the files are read.
const INTERVAL: Duration = Duration::from_secs(2);

/// The protocols that clients choose from, the best first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The files of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those that lead to its authority, in PEM.
    pub certificate: PathBuf,
    /// The private key of the certificate, in PEM.
    pub key: PathBuf,
}

/// TLS with the certificate of two files; clones share it.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    certificate: Arc<Certificate>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("files", &self.certificate.files).finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// One line that says which file is wrong, and what to do.
    pub fn open(files: TlsFiles) -> Result<Tls, String> {
        let content = Content::read(&files)?;
        let certificate = Certificate {
            current: RwLock::new(content.certified_key(&files)?),
            last_read: Mutex::new(Ok(content)),
            files,
        };
        let certificate = Arc::new(certificate);
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_protocol_versions(&[&TLS13, &TLS12]);
        let mut config = builder
            .map_err(|error| format!("cannot use TLS: {error}"))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Certificate>::clone(&certificate));
        config.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
        Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    /// Reads the files again and again, for as long as the server runs.
    pub async fn watch(self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            let certificate = Arc::clone(&self.certificate);
            if let Err(error) = tokio::task::spawn_blocking(move || certificate.refresh()).await
            {
                warn!("reading the certificate failed: {error}");
            }
        }
    }

    /// Shakes hands with a client; none when it does not do so in time.
    pub(super) fn handshake(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        timeout: Duration,
    ) -> impl Future<Output = Option<(TlsStream<TcpStream>, SocketAddr)>> + Send + 'static {
        let handshake = self.acceptor.accept(stream);
        async move {
            match tokio::time::timeout(timeout, handshake).await {
                Ok(Ok(stream)) => Some((stream, peer)),
                Ok(Err(error)) => {
                    debug!("no TLS with {peer}: {error}");
                    None
                }
                Err(_) => {
                    debug!("no TLS with {peer} in time");
                    None
                }
            }
        }
    }
}

/// The certificate in force.
#[derive(Debug)]
struct Certificate {
    files: TlsFiles,
    current: RwLock<Arc<CertifiedKey>>,
    /// What was read last, or why it could not be.
    last_read: Mutex<Result<Content, String>>,
}

impl Certificate {
    /// Reads the files. Those that have changed and are right are in force from now on; of others the log
    /// says once what is wrong.
    fn refresh(&self) {
        let read = Content::read(&self.files);
        let mut last = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        if *last == read {
            return;
        }
        let usable = read.as_ref().map_err(String::clone);
        match usable.and_then(|content| content.certified_key(&self.files)) {
            Ok(key) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = key;
                info!("the certificate has changed and is in force");
            }
            Err(problem) => {
                warn!("the certificate has changed, and the former one stays: {problem}");
            }
        }
        *last = read;
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// What both files contain.
#[derive(PartialEq, Eq)]
struct Content {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content")
    }
}

impl Content {
    fn read(files: &TlsFiles) -> Result<Content, String> {
        Ok(Content {
            certificate: read(&files.certificate, "tls_certificate")?.0,
            key: read_private(&files.key)?,
        })
    }

    fn certified_key(&self, files: &TlsFiles) -> Result<Arc<CertifiedKey>, String> {
        let (certificate, key) = (files.certificate.display(), files.key.display());
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| {
            format!("`tls_certificate`: `{certificate}` holds no certificate in PEM")
        })?;
        let private = PrivateKeyDer::from_pem_slice(&self.key);
        let private = private.map_err(|_| {
            format!(
                "`tls_key`: `{key}` holds no private key in PEM; one with a password cannot be read"
            )
        })?;
        let found = CertifiedKey::from_der(chain, private, &ring::default_provider());
        let mismatch = rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch);
        found.map(Arc::new).map_err(|error| {
            if error == mismatch {
                return format!(
                    "`tls_key`: `{key}` is not the key of the certificate in `{certificate}`"
                );
            }
            format!(
                "`tls_certificate`: cannot use `{certificate}` with the key `{key}`: {error}"
            )
        })
    }
}

/// Reads a file, and what the system says about it.
fn read(path: &Path, setting: &str) -> Result<(Vec<u8>, fs::Metadata), String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        let metadata = file.metadata()?;
        file.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(metadata)
    });
    let failed = |error| format!("`{setting}`: cannot read `{}`: {error}", path.display());
    Ok((bytes, read.map_err(failed)?))
}

/// Reads a file that no other user may read. The system administrator may share one with a group.
fn read_private(path: &Path) -> Result<Vec<u8>, String> {
    let (bytes, metadata) = read(path, "tls_key")?;
    if is_open(&metadata) {
        return Err(format!(
            "`tls_key`: other users can read or change `{0}`; run `chmod 600 {0}`",
            path.display()
        ));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn is_open(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const ADMINISTRATOR: u32 = 0;
    let others = if metadata.uid() == ADMINISTRATOR { 0o037 } else { 0o077 };
    metadata.mode() & others != 0
}

#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests;
