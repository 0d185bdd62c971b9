//! Invitations: an email address, a mail, a link.

use hallpass_domain::mail_template::MailStyle;
use hallpass_mail::MailContent;
use hallpass_testkit::TestServer;
use serde_json::json;

/// CRM-117
#[tokio::test]
async fn an_invitation_needs_a_valid_email_address() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let before = server.mails().await.len();

    for body in [
        json!({"role": "user"}),
        json!({"email": "", "role": "user"}),
        json!({"email": "cleo", "role": "user"}),
        json!({"email": "cleo@", "role": "user"}),
        json!({"email": "@example.com", "role": "user"}),
        json!({"email": "cleo@example.com, dan@example.com", "role": "user"}),
    ] {
        let refused = ben.post("/invitations", body.clone()).await.expect(422);
        assert_eq!(refused.pointers(), ["/email"], "{body}");
    }

    assert_eq!(server.mails().await.len(), before);
    let invitations = ben.get("/invitations").await.expect(200);
    assert_eq!(invitations.each("email"), ["ben@example.com"]);
    let body = json!({"email": "cleo@example.com", "role": "user"});
    let made = ben.post("/invitations", body).await.expect(201);
    assert_eq!(made.text("email"), "cleo@example.com");
}

/// CRM-120
#[tokio::test]
async fn an_invitation_sends_a_mail_with_a_link() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;

    let _ =
        workspace.invite(&workspace.anna, "ben", json!({"role": "manager"})).await.expect(201);

    let mails = server.mails().await;
    let to_ben: Vec<_> = mails.iter().filter(|(to, _)| to == "ben@example.com").collect();
    assert_eq!(to_ben.len(), 1);
    let mail_template = serde_json::from_value(to_ben[0].1.clone()).unwrap();
    let content = MailContent::of(
        &mail_template,
        &MailStyle::default(),
        &"https://crm.example.com".parse().unwrap(),
    );
    let token = workspace.token("ben").await;
    let link = format!("https://crm.example.com/invitations/{token}");
    assert!(content.subject.contains("Anna") && content.subject.contains("Acme"));
    assert!(content.text().unwrap().contains(&link));
    assert!(content.html().unwrap().contains(&link));
    let ben = workspace.accept_as_new("ben").await;
    assert_eq!(ben.get("/me").await.expect(200).text("role"), "manager");
}
