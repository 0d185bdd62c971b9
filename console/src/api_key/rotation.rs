//! The rotation of an API key: another secret, shown once.

use hallpass_domain::api_key::OVERLAP;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::list::{self, ApiKeysPage, Rotation};
use super::revocation::parse;
use crate::faults::Faults;
use crate::form::Form;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

/// The overlaps to choose from, in hours, with the keys of their names.
const OVERLAPS: [(i64, &str); 4] =
    [(0, "overlap-none"), (1, "overlap-hour"), (OVERLAP, "overlap-day"), (168, "overlap-week")];

pub(super) async fn ask(Path((_, key)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let key = ctx.api_keys().load(parse(&key)?).await?;
    let (form, faults) = (Form::default(), Faults::default());
    let mut page = ApiKeysPage::load(&mut ctx, frame.covered(), &form, faults).await?;
    let frame = &page.frame;
    let path = list::path(frame);
    let overlaps = OVERLAPS.map(|(hours, key)| (hours, frame.t(key), hours == OVERLAP));
    page.rotation = Some(Rotation {
        title: text!(frame.text, "api-key-rotate-title", name = &key.name),
        action: format!("{path}/{}/rotate", key.id),
        back: path,
        overlaps: overlaps.to_vec(),
    });
    reply::page(&page)
}

/// Gives the key another secret. The page has it, and is not kept anywhere.
pub(super) async fn rotate(
    Authenticated(principal): Authenticated,
    Path((_, key)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&key)?;
    let hours = submission.form.text("overlap").parse().ok();
    let mut ctx = submission.write().await?;
    let rotated = ctx.api_keys().rotate(&principal, id, hours).await.map_err(Problem::from);
    drop(ctx);
    let (status, secret, faults) = match rotated {
        Ok((_, secret)) => (200, Some(secret), Faults::default()),
        Err(problem) => {
            let faults = Faults::of_form(&submission.frame, &problem, &[])?;
            (problem.status, None, faults)
        }
    };
    let mut ctx = submission.read().await?;
    let form = Form::default();
    let mut page = ApiKeysPage::load(&mut ctx, submission.frame, &form, faults).await?;
    page.secret = secret;
    list::answer(status, &page)
}
