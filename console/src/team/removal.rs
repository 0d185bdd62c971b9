//! The end of a membership, or a pause of it: remove, deactivate, reactivate.

use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::MemberDetails;
use hallpass_app::member::offer::MemberOffer;
use hallpass_domain::id::MemberId;
use hallpass_web::error::Problem;

use super::list::{self, TeamPage, member_id};
use super::over::{Leaving, Over, Way};
use super::row::noun;
use crate::frame::{Frame, Person};
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// What becomes of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Remove,
    Deactivate,
    Reactivate,
}

impl Step {
    /// The verb in paths, and as the key of the word of the access model.
    const fn verb(self) -> &'static str {
        match self {
            Step::Remove => "remove",
            Step::Deactivate => "deactivate",
            Step::Reactivate => "reactivate",
        }
    }

    /// Says that it is done.
    fn done(self, frame: &Frame, name: &str) -> String {
        match self {
            Step::Remove => text!(frame.text, "team-removed", name = name),
            Step::Deactivate => text!(frame.text, "team-deactivated", name = name),
            Step::Reactivate => text!(frame.text, "team-reactivated", name = name),
        }
    }

    /// Does it, and returns the name of the member.
    async fn run(self, ctx: &mut WorkspaceContext, id: MemberId) -> Result<String, Problem> {
        let mut members = ctx.members();
        let member = match self {
            Step::Remove => {
                let member = members.load(id).await?.member;
                members.remove(id).await?;
                member
            }
            Step::Deactivate => members.deactivate(id).await?,
            Step::Reactivate => members.reactivate(id).await?,
        };
        Ok(member.name())
    }
}

/// The question before a membership ends or pauses: what happens, the open records, the ways around it.
fn leaving(
    ctx: &WorkspaceContext,
    frame: &Frame,
    (details, offer): (&MemberDetails, &MemberOffer),
    step: Step,
) -> Leaving {
    let member = &details.member;
    let name = member.name();
    let count: i64 = details.open_records.values().sum();
    let each = details.open_records.iter();
    let open = each.map(|(entity, count)| (noun(ctx, entity), frame.number(*count))).collect();
    let back = format!("{}/settings/team", frame.base);
    let path = format!("{back}/{}", member.id);
    let way = |label, page: &str, icon| Way { label, href: format!("{path}/{page}"), icon };
    let reassign =
        (offer.reassign && count > 0).then(|| way(frame.word("reassign"), "reassign", "move"));
    let instead = (step == Step::Remove && offer.deactivate)
        .then(|| way(frame.t("team-deactivate-instead"), "deactivate", "user-minus"));
    let signs_out = ctx.model().blueprint().membership.signs_out_inactive;
    let loses = text!(frame.text, "team-remove-effect", name = &name);
    let (title, rest, keep) = match step {
        Step::Remove => (
            text!(frame.text, "team-remove-title", name = &name),
            vec!["team-remove-account"],
            "team-keep",
        ),
        Step::Deactivate | Step::Reactivate => {
            let sign_in =
                if signs_out { "team-deactivate-sign-in" } else { "team-deactivate-elsewhere" };
            let title = text!(frame.text, "team-deactivate-title", name = &name);
            (title, vec![sign_in, "team-deactivate-keeps"], "team-keep-active")
        }
    };
    let rest = rest.into_iter().map(|key| frame.t(key));
    Leaving {
        title,
        person: Person::new(&member.id, &name),
        email: frame.contact(member),
        effects: std::iter::once(loses).chain(rest).collect(),
        heading: if count > 0 {
            text!(frame.text, "team-leaving-open", count = count)
        } else {
            frame.t("team-leaving-nothing")
        },
        open,
        ways: reassign.into_iter().chain(instead).collect(),
        action: format!("{path}/{}", step.verb()),
        version: member.version,
        verb: frame.word(step.verb()),
        keep: frame.t(keep),
        back,
    }
}

async fn ask(member: &str, viewer: Viewer, step: Step) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let details = ctx.members().load(member_id(member)?).await?;
    let offer = ctx.members().offer(&details.member, []);
    let leaving = leaving(&ctx, &frame, (&details, &offer), step);
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Leaving(leaving)).await?)
}

async fn take(member: &str, mut submission: Submission, step: Step) -> Shown {
    let member = member_id(member)?;
    let done: Result<String, Problem> = async {
        let mut ctx = submission.write().await?;
        step.run(&mut ctx, member).await
    }
    .await;
    match done {
        Ok(name) => {
            let message = step.done(&submission.frame, &name);
            reply::done(&list::back(&submission), &message)
        }
        Err(problem) => list::refuse(submission, problem).await,
    }
}

pub(crate) async fn ask_remove(
    Path((_, member)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    ask(&member, viewer, Step::Remove).await
}

pub(crate) async fn remove(
    Path((_, member)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    take(&member, submission, Step::Remove).await
}

pub(crate) async fn ask_deactivate(
    Path((_, member)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    ask(&member, viewer, Step::Deactivate).await
}

pub(crate) async fn deactivate(
    Path((_, member)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    take(&member, submission, Step::Deactivate).await
}

pub(crate) async fn reactivate(
    Path((_, member)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    take(&member, submission, Step::Reactivate).await
}
