//! The revocation of an API key.

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

pub(super) fn parse(key: &str) -> Result<ApiKeyId, Failure> {
    key.parse().map_err(|_| Failure::missing("API key"))
}

pub(super) async fn ask(Path((_, key)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let key = list::find(&mut ctx, parse(&key)?).await?;
    let (form, faults) = (Form::default(), Faults::default());
    let mut page = ApiKeysPage::load(&mut ctx, frame.covered(), &form, faults).await?;
    let frame = &page.frame;
    let path = format!("{}/settings/api-keys", frame.base);
    page.dialog = Some(Dialog {
        title: text!(frame.text, "api-key-revoke-title", name = &key.name),
        effects: vec![frame.t("api-key-revoke-effect"), frame.t("cannot-be-undone")],
        action: format!("{path}/{}/revoke", key.id),
        verb: frame.t("api-key-revoke"),
        keep: frame.t("keep-it"),
        back: path,
        word: None,
    });
    reply::page(&page)
}

pub(super) async fn revoke(
    Path((_, key)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&key)?;
    let mut ctx = submission.write().await?;
    ctx.api_keys().revoke(id).await?;
    let frame = &submission.frame;
    reply::done(&format!("{}/settings/api-keys", frame.base), &frame.t("api-key-revoked"))
}
