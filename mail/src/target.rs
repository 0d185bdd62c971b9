//! The target of mail: a mail server, a folder or the log.
//!
//! **Invariant:** a password goes over a network only inside TLS, unless the URL says otherwise.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use lettre::{AsyncSmtpTransport, Tokio1Executor};

/// Where mail goes.
#[derive(Clone, PartialEq, Eq)]
pub enum MailTarget {
    /// To the mail server of a URL.
    Smtp(String),
    /// Into a folder, one file per mail.
    Folder(PathBuf),
    /// Into the log, with recipient and subject only.
    Log,
}

impl FromStr for MailTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<MailTarget, String> {
        let expected = "`smtp://user:password@host:587`, `smtps://user:password@host:465`, \
                        `file:FOLDER` or `log:`";
        if text.starts_with("smtp://") || text.starts_with("smtps://") {
            AsyncSmtpTransport::<Tokio1Executor>::from_url(&with_tls(text))
                .map_err(|_| expected.to_owned())?;
            return Ok(MailTarget::Smtp(text.to_owned()));
        }
        match text.strip_prefix("file:") {
            Some(folder) if !folder.is_empty() => Ok(MailTarget::Folder(folder.into())),
            None if text == "log:" => Ok(MailTarget::Log),
            Some(_) | None => Err(expected.to_owned()),
        }
    }
}

/// Leaves out the password.
impl fmt::Debug for MailTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MailTarget::Smtp(_) => f.write_str("Smtp"),
            MailTarget::Folder(folder) => write!(f, "Folder({})", folder.display()),
            MailTarget::Log => f.write_str("Log"),
        }
    }
}

/// Adds the TLS mode to a URL that has none: no TLS on this machine, required TLS with a password,
/// opportunistic TLS otherwise.
pub(crate) fn with_tls(url: &str) -> String {
    let Some(rest) = url.strip_prefix("smtp://") else { return url.to_owned() };
    let (server, query) = rest.split_once('?').unwrap_or((rest, ""));
    if query == "tls=none" {
        return format!("smtp://{server}");
    }
    if query.contains("tls=") {
        return url.to_owned();
    }
    let host = server.rsplit_once('@').map_or(server, |(_, host)| host);
    let is_local = ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local));
    match (is_local, server.contains('@')) {
        (true, _) => format!("smtp://{server}"),
        (false, true) => format!("smtp://{server}?tls=required"),
        (false, false) => format!("smtp://{server}?tls=opportunistic"),
    }
}

#[cfg(test)]
mod tests;
