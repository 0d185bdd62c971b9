//! Delivery into a folder, and to a mail server whose replies the test chooses.

use std::sync::Mutex;

use hallpass_app::mailer::Mailer as _;
use hallpass_domain::mail_template::{MailStyle, MailTemplate};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::MailRenderer;

const NOW: Timestamp = Timestamp::from_micros(1_773_576_000_000_000);

fn clock() -> Clock {
    Arc::new(|| NOW)
}

fn mailer(target: &MailTarget) -> MailRenderer {
    let transport = Transport::open(target, clock()).unwrap();
    let sender = "Hallpass <hallpass@example.com>".parse().unwrap();
    MailRenderer::new(transport, sender, "https://crm.example.com".parse().unwrap())
}

fn invitation(inviter: &str) -> MailTemplate {
    MailTemplate::Invitation {
        workspace: "Ünïcorp <x>".to_owned(),
        workspace_word: "workspace".to_owned(),
        inviter: inviter.to_owned(),
        role: "Member".to_owned(),
        name: None,
        expires_at: "2026-03-29T12:00:00Z".to_owned(),
        token: "t0ken".to_owned(),
    }
}

fn ben() -> Email {
    Email::parse("ben@example.com").unwrap()
}

fn folder(name: &str) -> PathBuf {
    let name = format!("hallpass_mail_{}_{name}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// The mails of a folder, by name.
fn mails(folder: &Path) -> Vec<(String, String)> {
    let mut mails: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    mails.sort();
    mails
}

/// A mail with its quoted-printable encoding removed, as far as ASCII goes.
fn decoded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

#[tokio::test]
async fn a_folder_gets_one_file_per_mail_sorted_by_time() {
    let folder = folder("order").join("below");
    let mailer = mailer(&MailTarget::Folder(folder.clone()));

    mailer.send(&ben(), &invitation("Anna"), &MailStyle::default()).await.unwrap();
    mailer
        .send(
            &ben(),
            &MailTemplate::AccountExists { first_name: "Ben".to_owned() },
            &MailStyle::default(),
        )
        .await
        .unwrap();

    let found = mails(&folder);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let time = "2026-03-15T12-00-00.000000Z";
    assert_eq!(
        names,
        [format!("{time}-account_exists-0001.eml"), format!("{time}-invitation-0000.eml")]
    );
    assert_eq!(
        sortable(Timestamp::from_micros(NOW.as_micros() + 1)),
        "2026-03-15T12-00-00.000001Z"
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_mail_has_a_text_part_and_an_html_part_with_the_same_link() {
    let folder = folder("parts");

    mailer(&MailTarget::Folder(folder.clone()))
        .send(&ben(), &invitation("Anna"), &MailStyle::default())
        .await
        .unwrap();

    let mail = decoded(&mails(&folder).remove(0).1);
    assert!(mail.contains("From: Hallpass <hallpass@example.com>\r\n"), "{mail}");
    assert!(mail.contains("To: ben@example.com\r\n"), "{mail}");
    assert!(mail.contains("Date: Sun, 15 Mar 2026 12:00:00 +0000\r\n"), "{mail}");
    assert!(mail.contains("Auto-Submitted: auto-generated\r\n"), "{mail}");
    assert!(mail.contains("Content-Type: multipart/alternative"), "{mail}");
    let (text, html) = mail.split_once("Content-Type: text/html").unwrap();
    assert!(text.contains("Content-Type: text/plain"), "{mail}");
    for part in [text, html] {
        assert!(part.contains("https://crm.example.com/invitations/t0ken"), "{part}");
    }
    assert!(!html.contains("<x>"), "{html}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn mails_in_a_folder_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("private");

    mailer(&MailTarget::Folder(folder.clone()))
        .send(&ben(), &invitation("Anna"), &MailStyle::default())
        .await
        .unwrap();

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join(&mails(&folder)[0].0)), 0o600);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_name_cannot_add_a_header() {
    let folder = folder("headers");
    let mailer = mailer(&MailTarget::Folder(folder.clone()));

    for name in ["Anna\r\nBcc: eve@example.com", "Anna\nBcc: eve@example.com\n\nbody"] {
        mailer.send(&ben(), &invitation(name), &MailStyle::default()).await.unwrap();
    }

    for (_, mail) in mails(&folder) {
        let head = mail.split("\r\n\r\n").next().unwrap();
        assert!(!head.contains("\nBcc"), "{head}");
        assert_eq!(head.matches("\nSubject: ").count(), 1, "{head}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_folder_that_cannot_be_created_is_reported_in_one_line() {
    let target = MailTarget::Folder("/dev/null/mail".into());

    let error = Transport::open(&target, clock()).err().unwrap();

    assert!(error.starts_with("cannot create the mail folder `/dev/null/mail`: "), "{error}");
}

/// A mail server that records what it receives, and has given replies to RCPT and to the end of DATA.
struct Server {
    url: String,
    received: Arc<Mutex<String>>,
}

async fn server(recipient: &'static str, data: &'static str) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let received = Arc::new(Mutex::new(String::new()));
    let record = Arc::clone(&received);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, recipient, data, Arc::clone(&record)));
        }
    });
    Server { url, received }
}

async fn converse(
    stream: TcpStream,
    recipient: &'static str,
    data: &'static str,
    received: Arc<Mutex<String>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await?;
    let mut in_data = false;
    while let Some(line) = lines.next_line().await? {
        received.lock().unwrap().extend([line.as_str(), "\r\n"]);
        let answer = match (in_data, line.get(..4)) {
            (true, _) if line == "." => data,
            (true, _) => continue,
            (false, Some("RCPT")) => recipient,
            (false, Some("DATA")) => "354 go on",
            (false, Some("QUIT")) => "221 bye",
            (false, _) => "250 ok",
        };
        in_data = answer.starts_with("354");
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

async fn send_to(server: &Server) -> Result<(), MailError> {
    mailer(&server.url.parse().unwrap())
        .send(&ben(), &invitation("Anna"), &MailStyle::default())
        .await
}

#[tokio::test]
async fn a_mail_server_accepts_a_mail() {
    let server = server("250 ok", "250 queued").await;

    send_to(&server).await.unwrap();

    let received = decoded(&server.received.lock().unwrap());
    assert!(received.contains("MAIL FROM:<hallpass@example.com>"), "{received}");
    assert!(received.contains("RCPT TO:<ben@example.com>"), "{received}");
    assert!(received.contains("https://crm.example.com/invitations/t0ken"), "{received}");
}

#[tokio::test]
async fn an_international_domain_is_sent_as_ascii() {
    let server = server("250 ok", "250 queued").await;
    let to = Email::parse("anna@b\u{fc}cher.example").unwrap();

    mailer(&server.url.parse().unwrap())
        .send(&to, &invitation("Anna"), &MailStyle::default())
        .await
        .unwrap();

    let received = server.received.lock().unwrap().clone();
    assert!(received.contains("RCPT TO:<anna@xn--bcher-kva.example>"), "{received}");
}

#[tokio::test]
async fn only_an_unavailable_mailbox_is_a_permanent_error() {
    let check = async |recipient, data, is_permanent: bool, says: &str| {
        let error = send_to(&server(recipient, data).await).await.unwrap_err();
        assert_eq!(error.is_permanent, is_permanent, "{error}");
        assert!(error.message.contains(says), "{error}");
    };
    check("550 no such mailbox", "", true, "no such mailbox").await;
    check("450 busy", "", false, "busy").await;
    check("250 ok", "451 try later", false, "try later").await;
    check("554 refused", "", false, "refused").await;
    check("250 ok", "552 full", false, "full").await;
}

#[tokio::test]
async fn an_unreachable_mail_server_is_a_temporary_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);

    let sent = mailer(&url.parse().unwrap())
        .send(&ben(), &invitation("Anna"), &MailStyle::default())
        .await;

    assert!(!sent.unwrap_err().is_permanent);
}
