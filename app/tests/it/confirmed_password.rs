//! Whose password was confirmed.

use hallpass_app::origin::Origin;
use hallpass_app::session::ConfirmedPassword;
use hallpass_app::{Error, Principal};
use hallpass_domain::refusal::Refusal;
use hallpass_testkit::TestDatabase;

use crate::test_server::{PASSWORD, TestServer};

/// The proof of one person's password opens nothing for another.
#[tokio::test]
async fn a_confirmed_password_is_that_of_the_person_who_asks() {
    let server = TestServer::on(TestDatabase::Memory).await;
    let anna = server.sign_up("anna@example.com").await;
    let ben = server.sign_up("ben@example.com").await;
    let place = server.found(&anna, "standard", "acme").await.to_string();
    let confirm = async |person: &Principal| {
        let sessions = server.app.sessions();
        sessions.confirm_password(person, PASSWORD, &Origin::default()).await.unwrap()
    };
    let begin = async |proof: ConfirmedPassword| {
        let mut ctx = server.app.enter_to_write(&anna, &place).await.unwrap();
        let me = ctx.member_id().unwrap();
        ctx.views().begin(&anna, me, proof).await
    };

    let of_ben = begin(confirm(&ben).await).await;
    let of_anna = begin(confirm(&anna).await).await;

    assert!(matches!(of_ben, Err(Error::Refused(Refusal::WrongPassword))), "{of_ben:?}");
    // The control: she is herself, and sees the workspace through her own eyes already.
    assert!(matches!(of_anna, Err(Error::Refused(Refusal::Fields(_)))), "{of_anna:?}");
}
