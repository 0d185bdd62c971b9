//! Domains: add, verify, remove.

use axum::extract::State;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use crate::faults::Faults;
use crate::reply::{self, Shown};
use crate::setting::AuthenticationPage;
use crate::submission::Submission;
use crate::viewer::Authenticated;

pub(super) async fn add(
    Authenticated(principal): Authenticated,
    mut submission: Submission,
) -> Shown {
    let domain = submission.form.text("domain").to_owned();
    let mut ctx = submission.write().await?;
    let added = ctx.proven_domains().add(&principal, &domain).await;
    drop(ctx);
    answer(submission, added.map(drop).map_err(Problem::from), "domain-added").await
}

pub(super) async fn verify(
    State(web): State<Web>,
    Path((_, domain)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    submission.read().await?.proven_domains().check_verify().await?;
    let verified = match web.app.domain_records().look_up(&domain).await {
        Ok(records) => {
            let mut ctx = submission.write().await?;
            ctx.proven_domains().verify(&domain, &records).await.map(drop)
        }
        Err(error) => Err(error),
    };
    answer(submission, verified.map_err(Problem::from), "domain-verified").await
}

pub(super) async fn remove(
    Path((_, domain)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    ctx.proven_domains().remove(&domain).await?;
    drop(ctx);
    answer(submission, Ok(()), "domain-removed").await
}

async fn answer(submission: Submission, done: Result<(), Problem>, message: &str) -> Shown {
    let mut submission = submission;
    match done {
        Ok(()) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/authentication", frame.base);
            reply::done(&path, &frame.t(message))
        }
        Err(problem) => {
            let faults = Faults::of_form(&submission.frame, &problem, &["domain"])?;
            let mut ctx = submission.read().await?;
            let domain = submission.form.text("domain").to_owned();
            let page =
                AuthenticationPage::with_faults(&mut ctx, submission.frame, faults, domain);
            reply::refused(problem.status, &page.await?)
        }
    }
}
