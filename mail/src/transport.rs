//! The transports that deliver mail: SMTP, files in a folder, the log.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hallpass_app::mailer::MailError;
use hallpass_domain::email::Email;
use hallpass_domain::time::Timestamp;
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::io::AsyncWriteExt as _;
use tracing::info;

use crate::content::MailContent;
use crate::message::{self, Sender};
use crate::target::{MailTarget, with_tls};

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// The time that a mail server has for one command.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The replies of a mail server that concern a single mailbox, which does not exist or accepts no
/// mail.
const MAILBOX_UNAVAILABLE: [u16; 4] = [550, 551, 553, 556];

/// The clock, for the headers of mails and the names of files.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A transport that is ready to deliver.
pub struct Transport {
    backend: Backend,
    clock: Clock,
}

enum Backend {
    Smtp(Smtp),
    Folder { path: PathBuf, next: AtomicU32 },
    Log,
}

impl Transport {
    /// Opens the transport to a target. It needs the tokio runtime; a mail server is not contacted
    /// before the first mail.
    ///
    /// # Errors
    ///
    /// When the URL is invalid, or the folder cannot be created.
    pub fn open(target: &MailTarget, clock: Clock) -> Result<Transport, String> {
        let backend = match target {
            MailTarget::Smtp(url) => {
                let smtp = Smtp::from_url(&with_tls(url))
                    .map_err(|error| format!("cannot use the mail server: {error}"))?;
                Backend::Smtp(smtp.timeout(Some(TIMEOUT)).build())
            }
            MailTarget::Folder(path) => {
                let created = private(std::fs::DirBuilder::new().recursive(true)).create(path);
                created.and_then(|()| make_private(path)).map_err(|error| {
                    format!("cannot create the mail folder `{}`: {error}", path.display())
                })?;
                Backend::Folder { path: path.clone(), next: AtomicU32::new(0) }
            }
            MailTarget::Log => Backend::Log,
        };
        Ok(Transport { backend, clock })
    }

    pub(crate) async fn deliver(
        &self,
        sender: &Sender,
        to: &Email,
        kind: &str,
        content: &MailContent,
    ) -> Result<(), MailError> {
        let now = (self.clock)();
        match &self.backend {
            Backend::Smtp(smtp) => {
                let message = message::build(sender, to, content, now)?;
                smtp.send(message).await.map(drop).map_err(|error| smtp_error(&error))
            }
            Backend::Folder { path, next } => {
                let bytes = message::build(sender, to, content, now)?.formatted();
                let number = next.fetch_add(1, Ordering::Relaxed);
                let name = format!("{}-{kind}-{number:04}", sortable(now));
                write(path, &name, &bytes).await.map_err(|error| {
                    let folder = path.display();
                    MailError::temporary(format!("cannot write into `{folder}`: {error}"))
                })
            }
            Backend::Log => {
                // The content may have the token of a link, which is in no log.
                info!(mail.to = %to, "mail to {to}: {}", content.subject);
                Ok(())
            }
        }
    }
}

/// Makes a folder private to the user of the process, because mails contain the secrets of links.
#[cfg(unix)]
fn private(builder: &mut std::fs::DirBuilder) -> &mut std::fs::DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

#[cfg(not(unix))]
fn private(builder: &mut std::fs::DirBuilder) -> &mut std::fs::DirBuilder {
    builder
}

/// Makes a folder private that exists already.
#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Writes a file under a temporary name first, so that a program that watches the folder never reads
/// half a mail.
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

/// A time as the beginning of a file name, always of the same length, so that names sort by time.
fn sortable(now: Timestamp) -> String {
    let micros = now.as_micros().rem_euclid(1_000_000);
    let second = Timestamp::from_seconds(now.as_seconds()).to_string();
    format!("{}.{micros:06}Z", second.trim_end_matches('Z').replace(':', "-"))
}

/// Only a reply about the mailbox is permanent: a server that refuses the sender, the password or
/// every mail will be repaired by its operator.
fn smtp_error(error: &smtp::Error) -> MailError {
    let code = error.status().map(u16::from);
    let causes =
        std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let message = causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"));
    let is_permanent = code.is_some_and(|code| MAILBOX_UNAVAILABLE.contains(&code));
    if is_permanent { MailError::permanent(message) } else { MailError::temporary(message) }
}

#[cfg(test)]
mod tests;
