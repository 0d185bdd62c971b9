//! What of an API key ends for good: the key itself, or the secret that it had before its last rotation.

use hallpass_domain::id::ApiKeyId;
use hallpass_web::extract::Path;

use super::list::{self, ApiKeysPage};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// What asks before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Danger {
    Revoke,
    EndFormerSecret,
}

impl Danger {
    /// The last part of its path, and the keys of its title, effect and button.
    fn words(self) -> (&'static str, [&'static str; 3]) {
        match self {
            Danger::Revoke => {
                ("revoke", ["api-key-revoke-title", "api-key-revoke-effect", "api-key-revoke"])
            }
            Danger::EndFormerSecret => (
                "former-secret",
                ["api-key-end-former-title", "api-key-end-former-effect", "api-key-end-former"],
            ),
        }
    }
}

pub(super) fn parse(key: &str) -> Result<ApiKeyId, Failure> {
    key.parse().map_err(|_| Failure::missing("API key"))
}

pub(super) async fn ask(Path((_, key)): Path<(String, String)>, viewer: Viewer) -> Shown {
    dialog(&key, viewer, Danger::Revoke).await
}

pub(super) async fn revoke(
    Path((_, key)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&key)?;
    let mut ctx = submission.write().await?;
    ctx.api_keys().revoke(id).await?;
    let frame = &submission.frame;
    reply::done(&list::path(frame), &frame.t("api-key-revoked"))
}

pub(super) async fn ask_end(Path((_, key)): Path<(String, String)>, viewer: Viewer) -> Shown {
    dialog(&key, viewer, Danger::EndFormerSecret).await
}

pub(super) async fn end(
    Path((_, key)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&key)?;
    let mut ctx = submission.write().await?;
    ctx.api_keys().end_former_secret(id).await?;
    let frame = &submission.frame;
    reply::done(&list::path(frame), &frame.t("api-key-former-ended"))
}

async fn dialog(key: &str, viewer: Viewer, danger: Danger) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let key = ctx.api_keys().load(parse(key)?).await?;
    if danger == Danger::EndFormerSecret && key.working_former(frame.now).is_none() {
        return Err(Failure::missing("former secret"));
    }
    let (form, faults) = (Form::default(), Faults::default());
    let mut page = ApiKeysPage::load(&mut ctx, frame.covered(), &form, faults).await?;
    let (frame, back) = (&page.frame, list::path(&page.frame));
    let (part, [title, effect, verb]) = danger.words();
    page.dialog = Some(Dialog {
        title: frame.with(title, "name", &key.name),
        effects: vec![frame.t(effect), frame.t("cannot-be-undone")],
        action: format!("{back}/{}/{part}", key.id),
        verb: frame.t(verb),
        keep: frame.t("keep-it"),
        back,
        word: None,
    });
    reply::page(&page)
}
