//! The ways on which mail leaves: a mail server, a folder, the log.
//!
//! **Invariant:** what goes into a header is encoded by the library, and has no line breaks before
//! it gets there; a password goes over a network only inside TLS, unless the URL says otherwise.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use hallpass_app::mailer::MailError;
use hallpass_domain::email::Email;
use hallpass_domain::time::Timestamp;
use lettre::address::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::io::AsyncWriteExt as _;
use tracing::info;

use super::render::Page;

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// The longest line that a mail may have (RFC 5322, 2.1.1), in bytes.
const LONGEST_LINE: usize = 998;

/// How long a mail server may take for one command.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers of a mail server that are about one mailbox: it is not there, or takes nothing.
const NO_SUCH_MAILBOX: [u16; 4] = [550, 551, 553, 556];

/// Tells the time, for the heads of mails and the names of files.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where mail goes.
#[derive(Clone, PartialEq, Eq)]
pub enum MailTarget {
    /// To a mail server, as a URL.
    Smtp(String),
    /// Into a folder, a file a mail.
    Folder(PathBuf),
    /// Into the log, secrets and all.
    Log,
}

impl FromStr for MailTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<MailTarget, String> {
        let wanted = "`smtp://user:password@host:587`, `smtps://user:password@host:465`, \
                      `file:FOLDER` or `log:`";
        if text.starts_with("smtp://") || text.starts_with("smtps://") {
            Smtp::from_url(&with_tls(text)).map_err(|_| wanted.to_owned())?;
            return Ok(MailTarget::Smtp(text.to_owned()));
        }
        match text.strip_prefix("file:") {
            Some(folder) if !folder.is_empty() => Ok(MailTarget::Folder(folder.into())),
            None if text == "log:" => Ok(MailTarget::Log),
            Some(_) | None => Err(wanted.to_owned()),
        }
    }
}

/// Never the password.
impl fmt::Debug for MailTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MailTarget::Smtp(_) => f.write_str("Smtp"),
            MailTarget::Folder(folder) => write!(f, "Folder({})", folder.display()),
            MailTarget::Log => f.write_str("Log"),
        }
    }
}

/// A URL whose TLS is said: as it says itself; else none on this machine, demanded where there is a
/// password, and taken if offered otherwise.
fn with_tls(url: &str) -> String {
    let Some(rest) = url.strip_prefix("smtp://") else { return url.to_owned() };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    if query == "tls=none" {
        return format!("smtp://{place}");
    }
    if query.contains("tls=") {
        return url.to_owned();
    }
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    let is_here = ["localhost", "127.", "[::1]"].iter().any(|here| host.starts_with(here));
    match (is_here, place.contains('@')) {
        (true, _) => format!("smtp://{place}"),
        (false, true) => format!("smtp://{place}?tls=required"),
        (false, false) => format!("smtp://{place}?tls=opportunistic"),
    }
}

/// In whose name mail is sent: `Hallpass <hallpass@example.com>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl FromStr for Sender {
    type Err = String;

    fn from_str(text: &str) -> Result<Sender, String> {
        let wanted = "an address such as `hallpass@example.com` or `Hallpass \
                      <hallpass@example.com>`";
        let is_plain = !text.chars().any(char::is_control);
        let mailbox = is_plain.then(|| text.parse().ok()).flatten();
        mailbox.map(Sender).ok_or_else(|| wanted.to_owned())
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A way that is open.
pub struct Transport {
    way: Way,
    clock: Clock,
}

enum Way {
    Smtp(Smtp),
    Folder { path: PathBuf, next: AtomicU32 },
    Log,
}

impl Transport {
    /// Opens a way. It needs the runtime; a mail server is not called before there is mail.
    ///
    /// # Errors
    ///
    /// When the URL is not one, or the folder cannot be made.
    pub fn open(target: &MailTarget, clock: Clock) -> Result<Transport, String> {
        let way = match target {
            MailTarget::Smtp(url) => {
                let smtp = Smtp::from_url(&with_tls(url))
                    .map_err(|error| format!("cannot use the mail server: {error}"))?;
                Way::Smtp(smtp.timeout(Some(PATIENCE)).build())
            }
            MailTarget::Folder(path) => {
                let made = private(std::fs::DirBuilder::new().recursive(true)).create(path);
                made.map_err(|error| {
                    format!("cannot make the mail folder `{}`: {error}", path.display())
                })?;
                Way::Folder { path: path.clone(), next: AtomicU32::new(0) }
            }
            MailTarget::Log => Way::Log,
        };
        Ok(Transport { way, clock })
    }

    pub(crate) async fn deliver(
        &self,
        sender: &Sender,
        to: &Email,
        kind: &str,
        page: &Page,
    ) -> Result<(), MailError> {
        let now = (self.clock)();
        match &self.way {
            Way::Smtp(smtp) => {
                let message = message(sender, to, page, now)?;
                smtp.send(message).await.map(drop).map_err(|error| refused(&error))
            }
            Way::Folder { path, next } => {
                let bytes = message(sender, to, page, now)?.formatted();
                let number = next.fetch_add(1, Ordering::Relaxed);
                let name = format!("{}-{kind}-{number:04}", in_order(now));
                write(path, &name, &bytes).await.map_err(|error| {
                    let folder = path.display();
                    MailError::temporary(format!("cannot write into `{folder}`: {error}"))
                })
            }
            Way::Log => {
                let text = page.text().map_err(|error| broken(&error))?;
                info!(mail.to = %to, "mail to {to}: {}\n{text}", page.subject);
                Ok(())
            }
        }
    }
}

/// Mails hold the secrets of links: they are nobody else's on this machine.
#[cfg(unix)]
fn private(builder: &mut std::fs::DirBuilder) -> &mut std::fs::DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

#[cfg(not(unix))]
fn private(builder: &mut std::fs::DirBuilder) -> &mut std::fs::DirBuilder {
    builder
}

/// Whoever watches the folder never sees half a mail.
async fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let part = folder.join(format!(".{name}.part"));
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&part).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    tokio::fs::rename(part, folder.join(format!("{name}.eml"))).await
}

/// A time as the head of a file name: equally long, so that names sort as times do.
fn in_order(now: Timestamp) -> String {
    let micros = now.0.rem_euclid(1_000_000);
    let second = Timestamp(now.0 - micros).to_string();
    format!("{}.{micros:06}Z", second.trim_end_matches('Z').replace(':', "-"))
}

fn message(
    sender: &Sender,
    to: &Email,
    page: &Page,
    now: Timestamp,
) -> Result<Message, MailError> {
    let address = address(to)?;
    let since = Duration::from_micros(u64::try_from(now.0).unwrap_or_default());
    let text = page.text().map_err(|error| broken(&error))?;
    let html = page.html().map_err(|error| broken(&error))?;
    let mut message = Message::builder()
        .from(sender.0.clone())
        .to(Mailbox::new(None, address))
        .subject(page.subject.clone())
        .date(UNIX_EPOCH + since)
        .message_id(None)
        .multipart(
            MultiPart::alternative()
                .singlepart(part(ContentType::TEXT_PLAIN, &text))
                .singlepart(part(ContentType::TEXT_HTML, &html)),
        )
        .map_err(|error| MailError::temporary(format!("cannot write the mail: {error}")))?;
    // So that nobody's absence answers.
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    Ok(message)
}

/// A part of a mail; as it is, where every server takes it so: a link in a file can then be copied.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let text = text.lines().fold(String::new(), |text, line| text + line + "\r\n");
    let is_plain = text.bytes().all(|byte| byte.is_ascii() && byte != 0);
    let body = if is_plain && text.lines().all(|line| line.len() <= LONGEST_LINE) {
        Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new(text)
    };
    SinglePart::builder().header(kind).body(body)
}

/// An address as any mail server understands it, with a domain of plain letters.
fn address(to: &Email) -> Result<Address, MailError> {
    let (local, domain) = to.as_str().split_once('@').unwrap_or((to.as_str(), ""));
    let unusable = |error: &dyn fmt::Display| {
        MailError::permanent(format!("no mail can be sent to this address: {error}"))
    };
    let domain = idna::domain_to_ascii(domain).map_err(|error| unusable(&error))?;
    Address::new(local, domain).map_err(|error| unusable(&error))
}

fn broken(error: &askama::Error) -> MailError {
    MailError::temporary(format!("cannot write the mail: {error}"))
}

/// Only what a server says about the mailbox is for ever: a server that refuses the sender, the
/// password or everybody is a server that somebody will mend.
fn refused(error: &smtp::Error) -> MailError {
    let code = error.status().map(u16::from);
    let causes =
        std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let message = causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"));
    let is_permanent = code.is_some_and(|code| NO_SUCH_MAILBOX.contains(&code));
    MailError { is_permanent, message }
}

#[cfg(test)]
mod tests;
