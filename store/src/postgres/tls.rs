//! TLS to PostgreSQL, as the location asks for it by `sslmode` and `sslrootcert`.
//!
//! `disable` and `prefer` mean what they mean to libpq. `require` encrypts, but accepts any
//! certificate; `verify-full` also checks that the certificate is of the server's name and issued by
//! an authority that `sslrootcert` or the platform trusts.

use std::str::FromStr;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme,
    WantsVerifier,
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Error;

/// Reads a location, and how its server is connected to.
pub(super) fn parse(location: &str) -> Result<(Config, MakeRustlsConnect), Error> {
    let (address, parameters) = location.split_once('?').unwrap_or((location, ""));
    let (mut others, mut mode, mut roots) = (Vec::new(), None, None);
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => roots = Some(decode(value)),
            Some(_) | None => others.push(parameter),
        }
    }
    let mut config = Config::from_str(&format!("{address}?{}", others.join("&")))?;
    let mode = Mode::parse(mode.unwrap_or("prefer"))?;
    if roots.is_some() && mode != Mode::VerifyFull {
        return Err(Error::unavailable("`sslrootcert` needs `sslmode=verify-full`"));
    }
    config.ssl_mode(match mode {
        Mode::Disable => SslMode::Disable,
        Mode::Prefer => SslMode::Prefer,
        Mode::Require | Mode::VerifyFull => SslMode::Require,
    });
    let tls = match mode {
        Mode::Disable | Mode::Prefer | Mode::Require => accept_any_certificate()?,
        Mode::VerifyFull => verify(roots.as_deref())?,
    };
    Ok((config, MakeRustlsConnect::new(tls)))
}

fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyFull,
}

impl Mode {
    fn parse(word: &str) -> Result<Mode, Error> {
        match word {
            "disable" => Ok(Mode::Disable),
            "prefer" => Ok(Mode::Prefer),
            "require" => Ok(Mode::Require),
            "verify-full" => Ok(Mode::VerifyFull),
            other => Err(Error::Unavailable(format!(
                "`sslmode={other}` is not supported; use `disable`, `prefer`, `require` or \
                 `verify-full`"
            ))),
        }
    }
}

fn verify(roots: Option<&str>) -> Result<ClientConfig, Error> {
    let builder = builder(provider())?;
    let Some(file) = roots else {
        let builder = builder.with_platform_verifier().map_err(|error| failed(&error))?;
        return Ok(builder.with_no_client_auth());
    };
    let unreadable = |why: &dyn std::fmt::Display| {
        Error::Unavailable(format!("cannot read certificates from `{file}`: {why}"))
    };
    let mut store = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))?
    {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        store.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if store.is_empty() {
        return Err(unreadable(&"there are none"));
    }
    Ok(builder.with_root_certificates(store).with_no_client_auth())
}

fn accept_any_certificate() -> Result<ClientConfig, Error> {
    let provider = provider();
    let verifier = Arc::new(AnyCertificate(Arc::clone(&provider)));
    Ok(builder(provider)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

fn builder(
    provider: Arc<CryptoProvider>,
) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    let builder = ClientConfig::builder_with_provider(provider);
    builder.with_safe_default_protocol_versions().map_err(|error| failed(&error))
}

fn failed(why: &dyn std::fmt::Display) -> Error {
    Error::Unavailable(format!("TLS: {why}"))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(crypto::ring::default_provider())
}

/// Accepts every certificate, but still checks that the server has its key.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
