//! The end of a membership, or a pause of it: remove, deactivate, reactivate.

use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::MemberDetails;
use hallpass_app::member::offer::MemberOffer;
use hallpass_web::error::Problem;

use super::list::{self, TeamPage, member_id};
use super::over::{Leaving, Over, Way};
use super::row::noun;
use crate::frame::{Frame, Person};
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// What both questions share: the member, their open records, and the ways around it.
fn leaving(
    ctx: &WorkspaceContext,
    frame: &Frame,
    details: &MemberDetails,
    offer: &MemberOffer,
) -> Leaving {
    let member = &details.member;
    let count: i64 = details.open_records.values().sum();
    let each = details.open_records.iter();
    let open = each.map(|(entity, count)| (noun(ctx, entity), frame.number(*count))).collect();
    let path = format!("{}/settings/team", frame.base);
    let reassign = (offer.reassign && count > 0).then(|| Way {
        label: frame.word("reassign"),
        href: format!("{path}/{}/reassign", member.id),
        icon: "move",
    });
    Leaving {
        person: Person::new(&member.id, &member.name()),
        email: member.email.clone(),
        heading: if count > 0 {
            text!(frame.text, "team-leaving-open", count = count)
        } else {
            frame.t("team-leaving-nothing")
        },
        open,
        ways: reassign.into_iter().collect(),
        version: member.version,
        back: path,
        ..Leaving::default()
    }
}

pub(crate) async fn ask_remove(
    Path((_, member)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let details = ctx.members().load(member_id(&member)?).await?;
    let offer = ctx.members().offer(&details.member, []);
    let name = details.member.name();
    let mut leaving = leaving(&ctx, &frame, &details, &offer);
    let path = format!("{}/{}", leaving.back, details.member.id);
    if offer.deactivate {
        leaving.ways.push(Way {
            label: frame.t("team-deactivate-instead"),
            href: format!("{path}/deactivate"),
            icon: "user-minus",
        });
    }
    let leaving = Leaving {
        title: text!(frame.text, "team-remove-title", name = &name),
        effects: vec![
            text!(frame.text, "team-remove-effect", name = &name),
            frame.t("team-remove-account"),
        ],
        action: format!("{path}/remove"),
        verb: frame.word("remove"),
        keep: frame.t("team-keep"),
        ..leaving
    };
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Leaving(leaving)).await?)
}

pub(crate) async fn remove(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = member_id(&member)?;
    let done: Result<String, Problem> = async {
        let mut ctx = submission.write().await?;
        let name = ctx.members().load(member).await?.member.name();
        ctx.members().remove(member).await?;
        Ok(name)
    }
    .await;
    let name = match done {
        Ok(name) => name,
        Err(problem) => return list::refuse(submission, problem).await,
    };
    let frame = &submission.frame;
    let message = text!(frame.text, "team-removed", name = name);
    reply::done(&format!("{}/settings/team", frame.base), &message)
}

pub(crate) async fn ask_deactivate(
    Path((_, member)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let details = ctx.members().load(member_id(&member)?).await?;
    let offer = ctx.members().offer(&details.member, []);
    let name = details.member.name();
    let leaving = leaving(&ctx, &frame, &details, &offer);
    let signs_out = ctx.model().blueprint().membership.signs_out_inactive;
    let sign_in =
        if signs_out { "team-deactivate-sign-in" } else { "team-deactivate-elsewhere" };
    let leaving = Leaving {
        title: text!(frame.text, "team-deactivate-title", name = &name),
        effects: vec![
            text!(frame.text, "team-remove-effect", name = &name),
            frame.t(sign_in),
            frame.t("team-deactivate-keeps"),
        ],
        action: format!("{}/{}/deactivate", leaving.back, details.member.id),
        verb: frame.word("deactivate"),
        keep: frame.t("team-keep-active"),
        ..leaving
    };
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Leaving(leaving)).await?)
}

pub(crate) async fn deactivate(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = member_id(&member)?;
    let done: Result<String, Problem> = async {
        let mut ctx = submission.write().await?;
        Ok(ctx.members().deactivate(member).await?.name())
    }
    .await;
    match done {
        Ok(name) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "team-deactivated", name = name);
            reply::done(&format!("{}/settings/team", frame.base), &message)
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}

pub(crate) async fn reactivate(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let member = member_id(&member)?;
    let done: Result<String, Problem> = async {
        let mut ctx = submission.write().await?;
        Ok(ctx.members().reactivate(member).await?.name())
    }
    .await;
    match done {
        Ok(name) => {
            let message = text!(submission.frame.text, "team-reactivated", name = name);
            reply::done(&list::back(&submission), &message)
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}
