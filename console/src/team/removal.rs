//! The removal of a member, with what it leaves behind.

use axum::extract::Path;
use hallpass_app::member::MemberDetails;
use hallpass_domain::id::MemberId;

use super::list::TeamPage;
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

fn dialog(frame: &Frame, details: &MemberDetails, nouns: &dyn Fn(&str) -> String) -> Dialog {
    let name = details.member.name();
    let path = format!("{}/settings/team", frame.base);
    let count: i64 = details.open_records.values().sum();
    let part = |(entity, count): (&String, &i64)| {
        format!("{} {}", frame.number(*count), nouns(entity))
    };
    let list: Vec<String> = details.open_records.iter().map(part).collect();
    let open = (count > 0)
        .then(|| text!(frame.text, "team-remove-open", count = count, list = list.join(", ")));
    let effects = [
        Some(text!(frame.text, "team-remove-effect", name = &name)),
        open,
        Some(frame.t("team-remove-account")),
    ];
    Dialog {
        title: text!(frame.text, "team-remove-title", name = &name),
        effects: effects.into_iter().flatten().collect(),
        action: format!("{path}/{}/remove", details.member.id),
        verb: frame.word("remove"),
        keep: frame.t("team-keep"),
        back: path,
        word: None,
    }
}

pub(crate) async fn ask(Path((_, member)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let member: MemberId = member.parse().map_err(|_| Failure::missing("member"))?;
    let details = ctx.members().load(member).await?;
    let mut page = TeamPage::load(&mut ctx, frame.covered(), &Form::default()).await?;
    let nouns = |entity: &str| {
        let resource = ctx.model().blueprint().resource(entity);
        resource.map_or_else(|| entity.to_owned(), |resource| resource.name.to_lowercase())
    };
    page.dialog = Some(dialog(&page.frame, &details, &nouns));
    reply::page(&page)
}

pub(crate) async fn remove(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member: MemberId = member.parse().map_err(|_| Failure::missing("member"))?;
    let mut ctx = submission.write().await?;
    let name = ctx.members().load(member).await?.member.name();
    ctx.members().remove(member).await?;
    let frame = &submission.frame;
    let message = text!(frame.text, "team-removed", name = name);
    reply::done(&format!("{}/settings/team", frame.base), &message)
}
