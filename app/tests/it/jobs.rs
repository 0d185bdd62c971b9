//! Background jobs: every run is recorded, with its outcome.

use std::sync::Arc;

use hallpass_app::job::log::Job;
use hallpass_app::mailer::{MailError, Mailer, Sending};
use hallpass_domain::email::Email;
use hallpass_domain::mail_template::{MailStyle, MailTemplate};
use hallpass_testkit::TestDatabase;

use crate::test_server::TestServer;

/// Accepts every mail, or refuses each for now.
pub(crate) struct Fake(pub(crate) bool);

impl Mailer for Fake {
    fn send<'a>(&'a self, _: &'a Email, _: &'a MailTemplate, _: &'a MailStyle) -> Sending<'a> {
        let accepts = self.0;
        Box::pin(
            async move { if accepts { Ok(()) } else { Err(MailError::temporary("busy")) } },
        )
    }
}

#[tokio::test]
async fn the_run_of_every_job_is_recorded() {
    let server = TestServer::on(TestDatabase::folder()).await;
    let app = &server.app;
    let mailer: Arc<dyn Mailer> = Arc::new(Fake(true));
    let _anna = server.sign_up("anna@example.com").await;
    assert!(Job::EVERY.iter().all(|job| app.jobs().last(*job).is_none()));

    for job in Job::EVERY {
        job.run(app, &mailer).await;
    }

    for job in Job::EVERY {
        let run = app.jobs().last(job).unwrap();
        assert!(run.ended_at.is_some() && run.error.is_none(), "{job:?}: {run:?}");
        assert_eq!(run.last_failure, None, "{job:?}");
    }
    let mail = app.jobs().last(Job::DeliverMail).unwrap();
    assert!(mail.handled.is_some_and(|(sent, _)| sent > 0), "{mail:?}");
}

/// The database is broken for one job: the operator sees why, also after the next run.
#[tokio::test]
async fn a_job_that_fails_says_why_and_the_next_run_does_not_forget_it() {
    let server = TestServer::on(TestDatabase::folder()).await;
    let app = &server.app;
    let mailer: Arc<dyn Mailer> = Arc::new(Fake(true));
    let none: [hallpass_store::Value; 0] = [];
    let rename = async |from: &str, to: &str| {
        let mut tx = app.db().write().await.unwrap();
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        tx.execute(&sql, &none).await.unwrap();
        tx.commit().await.unwrap();
    };

    rename("former_slugs", "hidden").await;
    Job::FreeSlugs.run(app, &mailer).await;
    let failed = app.jobs().last(Job::FreeSlugs).unwrap();
    rename("hidden", "former_slugs").await;
    Job::FreeSlugs.run(app, &mailer).await;
    let well = app.jobs().last(Job::FreeSlugs).unwrap();

    let why = failed.error.unwrap();
    assert!(why.contains("former_slugs"), "{why}");
    assert_eq!(well.error, None);
    assert_eq!(well.last_failure.map(|(_, why)| why), Some(why));
}
