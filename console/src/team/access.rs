//! The access of a member: the drawer that shows, tries and saves it.

use axum::extract::Path;
use axum::http::StatusCode;
use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::access::AccessChange;
use hallpass_app::member::{MemberChange, MemberDetails};
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_web::error::Problem;

use super::access_form::AccessForm;
use super::access_preview::AccessPreview;
use super::access_stale::Stale;
use super::draft::{Draft, Parts, filled};
use super::drawer::AccessDrawer;
use super::list::{TeamPage, member_id};
use super::over::Over;
use crate::failure::Failure;
use crate::form::{Form, VERSION};
use crate::frame::{Frame, Person};
use crate::person_picture;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The field that says that the viewer knows what they give up.
const SURE: &str = "sure";

/// Loads a member whom the viewer may edit.
async fn load(ctx: &mut WorkspaceContext, id: MemberId) -> Result<MemberDetails, Failure> {
    let details = ctx.members().load(id).await?;
    if ctx.members().offer(&details.member, []).edit {
        return Ok(details);
    }
    let detail = format!("you cannot change the access of {}", details.member.name());
    Err(Problem::new(StatusCode::FORBIDDEN, "denied", detail).into())
}

fn draft_of(ctx: &WorkspaceContext, member: &Member, form: &Form) -> (Draft, Draft) {
    let old = Draft::of_member(member);
    let new = old.clone().with(form, ctx.model().blueprint());
    (old, new)
}

/// The change that a form asks for; none when it asks for nothing.
fn change_of(ctx: &WorkspaceContext, (old, new): &(Draft, Draft)) -> Option<MemberChange> {
    let access = new.change_from(old, ctx.model().blueprint());
    let given = |new: &str, old: &str| (new != old).then(|| filled(new).map(str::to_owned));
    let landing = given(&new.landing, &old.landing);
    let alias = given(&new.alias, &old.alias);
    let is_empty = landing.is_none()
        && alias.is_none()
        && matches!(
            &access,
            AccessChange {
                role: None,
                levels: None,
                preset: None,
                visibility: None,
                department: None,
                manager: None,
                teams: None,
                billing_contact: None,
            }
        );
    (!is_empty).then_some(MemberChange { access, landing, alias, name: None })
}

/// Whether a change takes the billing contact from the viewer (HALO-187).
fn gives_up_billing(ctx: &WorkspaceContext, id: MemberId, change: &MemberChange) -> bool {
    change.access.billing_contact == Some(false) && ctx.member_id() == Some(id)
}

async fn drawer(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    member: &Member,
    (draft, form): (&Draft, &Form),
) -> Result<AccessDrawer, Failure> {
    let parts = Parts::of(ctx);
    let held = Some(member.access.role.as_str());
    let again = format!("{}/settings/team/{}/access/preview", frame.base, member.id);
    let form = AccessForm::load(ctx, frame, (draft, parts), held, (form, &again)).await?;
    let resources: Vec<String> = form.ladders.iter().map(|one| one.key.clone()).collect();
    let back = format!("{}/settings/team", frame.base);
    let offer = ctx.members().offer(member, []);
    let view = matches!(offer.view, Some(Ok(())));
    let mut person = Person::new(&member.id, &member.name());
    person_picture::add(ctx, frame, [&mut person]).await?;
    Ok(AccessDrawer {
        view: view.then(|| format!("{back}/{}/view", member.id)),
        title: frame.word("edit"),
        person,
        email: frame.contact(member),
        action: format!("{back}/{}/access", member.id),
        back,
        version: member.version.to_string(),
        made_from: Draft::of_member(member).made_from(resources.iter().map(String::as_str)),
        form,
        preview: AccessPreview::nothing(frame),
        ..AccessDrawer::default()
    })
}

pub(crate) async fn show(Path((_, member)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let details = load(&mut ctx, member_id(&member)?).await?;
    let (old, new) = draft_of(&ctx, &details.member, &query);
    let mut drawer = drawer(&mut ctx, &frame, &details.member, (&new, &query)).await?;
    drawer.tries = old != new;
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Access(Box::new(drawer))).await?)
}

/// Tries the change up to its first write, and shows what it would do.
pub(crate) async fn preview(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = member_id(&member)?;
    let frame = submission.frame.clone();
    let mut ctx = submission.read().await?;
    let details = load(&mut ctx, id).await?;
    let drafts = draft_of(&ctx, &details.member, &submission.form);
    let change = change_of(&ctx, &drafts);
    let gives_up = change.as_ref().is_some_and(|change| gives_up_billing(&ctx, id, change));
    drop(ctx);
    let tried = match &change {
        Some(change) => try_change(&mut submission, id, change).await,
        None => Ok(AccessPreview::nothing(&frame)),
    };
    let mut ctx = submission.read().await?;
    let form = &submission.form;
    let mut drawer = match tried {
        Ok(preview) => {
            let draft = (&drafts.1, form);
            let mut drawer = drawer(&mut ctx, &frame, &details.member, draft).await?;
            drawer.preview = preview;
            drawer
        }
        Err(problem) => refused(&mut ctx, &frame, id, (&problem, form)).await?,
    };
    keep_version(&mut drawer, form);
    drawer.gives_up_billing = gives_up;
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Access(Box::new(drawer))).await?)
}

async fn try_change(
    submission: &mut Submission,
    id: MemberId,
    change: &MemberChange,
) -> Result<AccessPreview, Problem> {
    let mut rehearsal = submission.rehearse().await?;
    match rehearsal.ctx.members().update(id, change).await {
        Ok(_) | Err(Error::DryRun) => {}
        Err(error) => return Err(error.into()),
    }
    let effect = rehearsal.into_effect();
    let preview = submission.describe(effect).await?;
    let frame = submission.frame.clone();
    let ctx = submission.read().await?;
    Ok(AccessPreview::of(&ctx, &frame, &preview, Some(id)))
}

/// Keeps what the form was opened with, where nothing was saved yet: a preview between does not hide that
/// another person has saved since.
fn keep_version(drawer: &mut AccessDrawer, form: &Form) {
    form.keep_base(&mut drawer.version, &mut drawer.made_from);
}

/// The drawer of a form that was refused. It keeps what was touched, and shows what is stored of the rest.
async fn refused(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    id: MemberId,
    (problem, form): (&Problem, &Form),
) -> Result<AccessDrawer, Failure> {
    let details = load(ctx, id).await?;
    let member = &details.member;
    let (old, new) = draft_of(ctx, member, form);
    let mut drawer = drawer(ctx, frame, member, (&new, form)).await?;
    if problem.status == 412 {
        let version = form.text(VERSION).parse().unwrap_or(member.version);
        let stale =
            Stale::load(ctx, frame, (member, version), (&old, &new), &drawer.form).await?;
        drawer.stale = Some(stale);
        return Ok(drawer);
    }
    keep_version(&mut drawer, form);
    let others = drawer.form.set_errors(frame.text, problem);
    let why = match (problem.errors.is_empty(), others.first()) {
        (true, _) => refusal::of_problem(frame.text, problem),
        (false, Some(other)) => other.clone(),
        (false, None) => frame.t("access-mistakes"),
    };
    drawer.preview = AccessPreview::refused(why);
    Ok(drawer)
}

pub(crate) async fn save(
    Path((_, member)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = member_id(&member)?;
    let frame = submission.frame.clone();
    let path = format!("{}/settings/team", frame.base);
    let mut ctx = submission.read().await?;
    let details = load(&mut ctx, id).await?;
    let drafts = draft_of(&ctx, &details.member, &submission.form);
    let Some(change) = change_of(&ctx, &drafts) else {
        return reply::done(&path, &frame.t("access-nothing"));
    };
    let is_sure = submission.form.is_checked(SURE);
    if gives_up_billing(&ctx, id, &change) && !is_sure {
        let draft = (&drafts.1, &submission.form);
        let mut drawer = drawer(&mut ctx, &frame, &details.member, draft).await?;
        drawer.gives_up_billing = true;
        keep_version(&mut drawer, &submission.form);
        let over = Over::Access(Box::new(drawer));
        return reply::refused(422, &TeamPage::behind(&mut ctx, frame, over).await?);
    }
    drop(ctx);
    let saved: Result<Member, Problem> = async {
        let mut ctx = submission.write().await?;
        Ok(ctx.members().update(id, &change).await?)
    }
    .await;
    let problem = match saved {
        Ok(member) => {
            let message = text!(frame.text, "access-saved", name = member.name());
            return reply::done(&path, &message);
        }
        Err(problem) => problem,
    };
    if !matches!(problem.status, 403 | 409 | 412 | 422) {
        return Err(problem.into());
    }
    let mut ctx = submission.read().await?;
    let drawer = refused(&mut ctx, &frame, id, (&problem, &submission.form)).await?;
    let over = Over::Access(Box::new(drawer));
    reply::refused(problem.status, &TeamPage::behind(&mut ctx, frame, over).await?)
}
