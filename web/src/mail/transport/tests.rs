//! Mail as it leaves: into a folder, and to a mail server that says what the test wants.

use std::sync::Mutex;

use hallpass_app::mailer::Mailer as _;
use hallpass_domain::mail_template::MailTemplate;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::mail::Post;

const NOW: Timestamp = Timestamp(1_773_576_000_000_000);

fn clock() -> Clock {
    Arc::new(|| NOW)
}

fn post(target: &MailTarget) -> Post {
    let transport = Transport::open(target, clock()).unwrap();
    let sender = "Hallpass <hallpass@example.com>".parse().unwrap();
    Post::new(transport, sender, "https://crm.example.com".parse().unwrap())
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

/// What is in a mail, without its encoding as far as ASCII goes.
fn decoded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

#[tokio::test]
async fn a_folder_gets_a_file_a_mail_in_the_order_of_time() {
    let folder = folder("order").join("below");
    let post = post(&MailTarget::Folder(folder.clone()));

    post.send(&ben(), &invitation("Anna")).await.unwrap();
    post.send(&ben(), &MailTemplate::AccountExists { first_name: "Ben".to_owned() })
        .await
        .unwrap();

    let found = mails(&folder);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let time = "2026-03-15T12-00-00.000000Z";
    assert_eq!(
        names,
        [format!("{time}-account_exists-0001.eml"), format!("{time}-invitation-0000.eml")]
    );
    assert_eq!(in_order(Timestamp(NOW.0 + 1)), "2026-03-15T12-00-00.000001Z");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_mail_has_a_part_in_text_and_one_in_html_with_the_same_link() {
    let folder = folder("parts");

    post(&MailTarget::Folder(folder.clone())).send(&ben(), &invitation("Anna")).await.unwrap();

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
async fn mails_in_a_folder_are_nobody_elses() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("private");

    post(&MailTarget::Folder(folder.clone())).send(&ben(), &invitation("Anna")).await.unwrap();

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join(&mails(&folder)[0].0)), 0o600);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_name_cannot_add_a_header() {
    let folder = folder("headers");
    let post = post(&MailTarget::Folder(folder.clone()));

    for name in ["Anna\r\nBcc: eve@example.com", "Anna\nBcc: eve@example.com\n\nbody"] {
        post.send(&ben(), &invitation(name)).await.unwrap();
    }

    for (_, mail) in mails(&folder) {
        let head = mail.split("\r\n\r\n").next().unwrap();
        assert!(!head.contains("\nBcc"), "{head}");
        assert_eq!(head.matches("\nSubject: ").count(), 1, "{head}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_folder_that_cannot_be_made_is_told_in_a_line() {
    let target = MailTarget::Folder("/dev/null/mail".into());

    let error = Transport::open(&target, clock()).err().unwrap();

    assert!(error.starts_with("cannot make the mail folder `/dev/null/mail`: "), "{error}");
}

/// A mail server: answers RCPT and the end of DATA as it is told, and keeps what it hears.
struct Server {
    url: String,
    heard: Arc<Mutex<String>>,
}

async fn server(recipient: &'static str, data: &'static str) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, recipient, data, Arc::clone(&kept)));
        }
    });
    Server { url, heard }
}

async fn talk(
    stream: TcpStream,
    recipient: &'static str,
    data: &'static str,
    heard: Arc<Mutex<String>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await?;
    let mut in_data = false;
    while let Some(line) = lines.next_line().await? {
        heard.lock().unwrap().extend([line.as_str(), "\r\n"]);
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
    post(&server.url.parse().unwrap()).send(&ben(), &invitation("Anna")).await
}

#[tokio::test]
async fn a_mail_server_takes_a_mail() {
    let server = server("250 ok", "250 taken").await;

    send_to(&server).await.unwrap();

    let heard = decoded(&server.heard.lock().unwrap());
    assert!(heard.contains("MAIL FROM:<hallpass@example.com>"), "{heard}");
    assert!(heard.contains("RCPT TO:<ben@example.com>"), "{heard}");
    assert!(heard.contains("https://crm.example.com/invitations/t0ken"), "{heard}");
}

#[tokio::test]
async fn a_domain_of_any_letters_is_written_in_plain_ones() {
    let server = server("250 ok", "250 taken").await;
    let to = Email::parse("anna@b\u{fc}cher.example").unwrap();

    post(&server.url.parse().unwrap()).send(&to, &invitation("Anna")).await.unwrap();

    let heard = server.heard.lock().unwrap().clone();
    assert!(heard.contains("RCPT TO:<anna@xn--bcher-kva.example>"), "{heard}");
}

#[tokio::test]
async fn only_a_mailbox_that_is_not_there_is_for_ever() {
    let check = async |recipient, data, is_permanent: bool, says: &str| {
        let error = send_to(&server(recipient, data).await).await.unwrap_err();
        assert_eq!(error.is_permanent, is_permanent, "{error}");
        assert!(error.message.contains(says), "{error}");
    };
    check("550 no such mailbox", "", true, "no such mailbox").await;
    check("450 busy", "", false, "busy").await;
    check("250 ok", "451 try later", false, "try later").await;
    check("554 nobody may", "", false, "nobody may").await;
    check("250 ok", "552 full", false, "full").await;
}

#[tokio::test]
async fn a_mail_server_that_is_not_there_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);

    let sent = post(&url.parse().unwrap()).send(&ben(), &invitation("Anna")).await;

    assert!(!sent.unwrap_err().is_permanent);
}

#[test]
fn a_target_is_one_of_four() {
    for text in ["smtp://a.b", "smtps://u:p%40@a.b:465", "file:mail", "file:/tmp/x y", "log:"] {
        assert!(text.parse::<MailTarget>().is_ok(), "{text}");
    }
    for text in ["", "file:", "log", "http://a.b", "smtp://", "smtp://a.b?tls=perhaps", "a.b"] {
        let wanted = text.parse::<MailTarget>().unwrap_err();
        assert!(wanted.contains("`file:FOLDER` or `log:`"), "{text}: {wanted}");
    }
    let secret: MailTarget = "smtp://anna:s3cret@a.b".parse().unwrap();
    assert_eq!(format!("{secret:?}"), "Smtp");
}

#[test]
fn a_password_goes_through_tls() {
    let check = |url: &str, expected: &str| assert_eq!(with_tls(url), expected);
    check("smtp://u:p@a.b:587", "smtp://u:p@a.b:587?tls=required");
    check("smtp://a.b", "smtp://a.b?tls=opportunistic");
    check("smtp://u:p@localhost:25", "smtp://u:p@localhost:25");
    check("smtp://127.0.0.1:25", "smtp://127.0.0.1:25");
    check("smtp://u:p@a.b?tls=none", "smtp://u:p@a.b");
    check("smtp://u:p@localhost?tls=required", "smtp://u:p@localhost?tls=required");
    check("smtps://u:p@a.b", "smtps://u:p@a.b");
}

#[test]
fn a_sender_is_an_address_with_or_without_a_name() {
    for text in ["a@b.c", "Hallpass <a@b.c>", "\"Hall, pass\" <a@b.c>"] {
        assert!(text.parse::<Sender>().is_ok(), "{text}");
    }
    for text in ["", "Hallpass", "a@b.c\r\nBcc: d@e.f", "a@b.c, d@e.f"] {
        assert!(text.parse::<Sender>().is_err(), "{text}");
    }
}
