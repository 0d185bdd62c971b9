//! Requests to identity providers, whose addresses customers type.
//!
//! **Invariant:** a request goes over TLS to a public address, which is resolved once, checked and then
//! connected to; it follows no redirect, and ends within the time and size that are allowed. Only where
//! the operator allows private addresses may it be plain, and go into the own network.

mod address;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use openidconnect::AsyncHttpClient;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub use address::is_public;

const LONGEST: Duration = Duration::from_secs(10);
const LARGEST: usize = 512 * 1024;

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Over TLS to public addresses.
    Public,
    /// Anywhere: for tests, and for providers in the operator's own network.
    Any,
}

/// A request that has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// Not an address that requests may go to.
    #[error("`{0}` is not an address that requests may go to")]
    Refused(String),
    /// The network, TLS or HTTP failed.
    #[error("{0}")]
    Failed(String),
    /// It took too long.
    #[error("no answer within {} s", LONGEST.as_secs())]
    Late,
}

/// Sends requests.
#[derive(Clone)]
pub struct Client {
    tls: Arc<ClientConfig>,
    network: Network,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("network", &self.network).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that trusts the certificates that the machine trusts.
    pub fn new(network: Network) -> Result<Client, Unreachable> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(failed)?
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Client { tls: Arc::new(tls), network })
    }

    /// Where requests may go.
    #[must_use]
    pub fn network(&self) -> Network {
        self.network
    }

    /// Sends a request, and receives the whole answer, whatever its status.
    pub async fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Unreachable> {
        timeout(LONGEST, Box::pin(self.exchange(request)))
            .await
            .map_err(|_| Unreachable::Late)?
    }

    async fn exchange(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Unreachable> {
        let (mut parts, body) = request.into_parts();
        let refused = || Unreachable::Refused(parts.uri.to_string());
        let is_tls = match parts.uri.scheme_str() {
            Some("https") => true,
            Some("http") if self.network == Network::Any => false,
            _ => return Err(refused()),
        };
        let authority = parts.uri.authority().ok_or_else(refused)?.clone();
        if authority.as_str().contains('@') {
            return Err(refused());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let address = self.resolve(&host, port).await?;
        let stream = TcpStream::connect(address).await.map_err(failed)?;

        let value = HeaderValue::from_str(authority.as_str()).map_err(failed)?;
        parts.headers.insert(HOST, value);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        parts.uri = path.parse().map_err(failed)?;
        let request = Request::from_parts(parts, Full::new(Bytes::from(body)));
        if is_tls {
            let name = ServerName::try_from(host).map_err(failed)?;
            let connector = TlsConnector::from(Arc::clone(&self.tls));
            speak(connector.connect(name, stream).await.map_err(failed)?, request).await
        } else {
            speak(stream, request).await
        }
    }

    async fn resolve(&self, host: &str, port: u16) -> Result<SocketAddr, Unreachable> {
        let mut found = tokio::net::lookup_host((host, port)).await.map_err(failed)?;
        let may_go =
            |address: &SocketAddr| self.network == Network::Any || is_public(address.ip());
        found.find(may_go).ok_or_else(|| Unreachable::Refused(host.to_owned()))
    }
}

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = Unreachable;
    type Future =
        Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, Unreachable>> + Send + 'c>>;

    fn call(&'c self, request: Request<Vec<u8>>) -> Self::Future {
        Box::pin(self.send(request))
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Response<Vec<u8>>, Unreachable> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let connection = tokio::spawn(connection);
    let answer = async {
        let (parts, body) = sender.send_request(request).await.map_err(failed)?.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(failed)?;
        Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
    }
    .await;
    connection.abort();
    answer
}

fn failed(error: impl std::fmt::Display) -> Unreachable {
    Unreachable::Failed(error.to_string())
}

#[cfg(test)]
mod tests;
