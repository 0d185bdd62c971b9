//! The removal of sample data.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{DeleteWorkspace, ReadGeneral};
use hallpass_app::sample::SampleRecords;
use hallpass_web::error::Problem;

use super::overview::{refused, with_dialog};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::record::kind::in_sentence;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// What sample data there is, for a reader who may remove it; nothing for another one, and where all of it was changed.
pub(crate) async fn removable(
    ctx: &mut WorkspaceContext,
) -> Result<Vec<SampleRecords>, Failure> {
    if !ctx.opens(&DeleteWorkspace) || !ctx.opens(&ReadGeneral) {
        return Ok(Vec::new());
    }
    let found = ctx.samples().list().await?;
    let is_removable = found.iter().any(|one| !one.untouched.is_empty());
    Ok(if is_removable { found } else { Vec::new() })
}

/// `12 contacts, 12 deals`.
fn counted<'s>(
    frame: &Frame,
    counts: impl Iterator<Item = (&'s SampleRecords, usize)>,
) -> String {
    let number = |n: usize| frame.number(i64::try_from(n).unwrap_or(i64::MAX));
    let counts = counts.filter(|(_, n)| *n > 0).map(|(found, n)| {
        let name = if n == 1 { &found.resource.one } else { &found.resource.name };
        format!("{} {}", number(n), in_sentence(frame.text, name))
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// What can be removed, by type.
pub(crate) fn untouched(frame: &Frame, found: &[SampleRecords]) -> String {
    counted(frame, found.iter().map(|one| (one, one.untouched.len())))
}

fn changed(frame: &Frame, found: &[SampleRecords]) -> String {
    counted(frame, found.iter().map(|one| (one, one.changed)))
}

pub(super) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let found = removable(&mut ctx).await?;
    if found.is_empty() {
        return Err(Failure::missing("page"));
    }
    let (goes, stays) = (untouched(&frame, &found), changed(&frame, &found));
    with_dialog(ctx, frame, |frame| {
        let path = format!("{}/settings", frame.base);
        let mut effects = vec![text!(frame.text, "sample-goes", list = goes)];
        if stays.is_empty() {
            effects.push(frame.t("sample-all"));
        } else {
            effects.push(text!(frame.text, "sample-stays", list = stays));
        }
        effects.push(frame.t("cannot-be-undone"));
        Dialog {
            title: frame.t("sample-title"),
            effects,
            action: format!("{path}/delete/sample"),
            verb: frame.t("sample-remove"),
            keep: frame.t("keep-it"),
            back: format!("{path}/general"),
            word: None,
        }
    })
    .await
}

pub(super) async fn remove(mut submission: Submission) -> Shown {
    let removed = match end(&mut submission).await {
        Ok(removed) => removed,
        Err(problem) => return refused(submission, &problem).await,
    };
    let frame = &submission.frame;
    let n: usize = removed.iter().map(|one| one.untouched.len()).sum();
    let stays = changed(frame, &removed);
    let message = if stays.is_empty() {
        text!(frame.text, "sample-removed", n = n)
    } else {
        text!(frame.text, "sample-removed-some", n = n, list = stays)
    };
    reply::done(&format!("{}/settings/general", frame.base), &message)
}

async fn end(submission: &mut Submission) -> Result<Vec<SampleRecords>, Problem> {
    let mut ctx = submission.write().await?;
    Ok(ctx.samples().remove().await?)
}
