//! Inviting people: one or many, with the fields that the access model has.

use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::Invite;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::RoleRef;
use hallpass_domain::member::MemberAccess;
use hallpass_web::error::Problem;

use super::access_form::AccessForm;
use super::access_preview::AccessPreview;
use super::addresses::file::{self, FileFault};
use super::addresses::{self, Addressed};
use super::draft::{CUSTOM, Draft, Parts};
use super::drawer::{InviteDrawer, InviteLine};
use super::list::TeamPage;
use super::over::Over;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::text::Text;
use crate::viewer::Viewer;

/// The addresses that are invited at once at most.
const MOST: usize = 100;

/// The access that the form begins with.
fn start(ctx: &WorkspaceContext) -> Draft {
    let blueprint = ctx.model().blueprint();
    let role = blueprint.membership.invitation.start_role.clone().unwrap_or_default();
    Draft::of(&MemberAccess::new(blueprint, &role), None)
}

async fn drawer(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    form: &Form,
) -> Result<InviteDrawer, Failure> {
    let blueprint = ctx.model().blueprint().clone();
    let rules = &blueprint.membership.invitation;
    let draft = start(ctx).with(form, &blueprint);
    let parts = Parts::of_invitation(ctx);
    let back = format!("{}/settings/team", frame.base);
    let emails = typed(form).unwrap_or_else(|_| form.lines("emails"));
    let found = addresses::read(&emails);
    let again = format!("{back}/invite/preview");
    let access = AccessForm::load(ctx, frame, (&draft, parts), None, (form, &again)).await?;
    Ok(InviteDrawer {
        title: frame.word("invite"),
        intro: text!(frame.text, "invite-intro", days = i64::from(rules.days)),
        action: format!("{back}/invite"),
        back,
        good: found.len(),
        emails,
        has_name: rules.fields.iter().any(|field| field == "name"),
        name: form.text("name").to_owned(),
        required: rules.required.clone(),
        form: access,
        preview: AccessPreview::nothing(frame),
        send: send_label(frame, found.len()),
        ..InviteDrawer::default()
    })
}

/// The addresses of a form as text: those that were typed, and those of its file.
fn typed(form: &Form) -> Result<String, FileFault> {
    let emails = form.lines("emails").trim().to_owned();
    let Some(chosen) = form.file("file") else { return Ok(emails) };
    let text = file::read(chosen)?;
    Ok(if emails.is_empty() { text } else { format!("{emails}\n{text}") })
}

/// Why a file is not read, in words.
fn file_error(frame: &Frame, form: &Form, fault: FileFault) -> String {
    let name = form.file("file").map(|file| file.name.clone()).unwrap_or_default();
    match fault {
        FileFault::Large => text!(frame.text, "invite-file-large", name = name),
        FileFault::Kind => text!(frame.text, "invite-file-kind", name = name),
        FileFault::Encoding => text!(frame.text, "invite-file-encoding", name = name),
        FileFault::Empty => text!(frame.text, "invite-file-empty", name = name),
    }
}

/// The label of the button, with the number when there are several.
fn send_label(frame: &Frame, count: usize) -> String {
    let word = frame.word("send_invitation");
    if count < 2 { word } else { text!(frame.text, "invite-send", word = word, count = count) }
}

/// What the form asks for, one request for each address.
fn read(ctx: &WorkspaceContext, form: &Form, found: &[Addressed]) -> Vec<NewInvitation> {
    let blueprint = ctx.model().blueprint();
    let rules = &blueprint.membership.invitation;
    let has = |field: &str| rules.fields.iter().any(|known| known == field);
    let old = start(ctx);
    let draft = old.clone().with(form, blueprint);
    let change = draft.change_from(&old, blueprint);
    let preset = form.filled("preset").filter(|key| *key != CUSTOM);
    let preset = preset.filter(|key| {
        let known = blueprint.preset(key);
        has("preset")
            && known.is_some_and(|known| Draft::sorted_levels(&known.levels) == draft.levels)
    });
    let preset = preset.filter(|_| change.levels.is_some()).map(str::to_owned);
    let access = AccessChange {
        role: (!draft.role.is_empty()).then(|| RoleRef::from(draft.role.as_str())),
        levels: change.levels.filter(|_| preset.is_none()),
        preset,
        ..change
    };
    let landing = form.filled("landing").map(str::to_owned);
    let is_single = found.len() == 1;
    let one = |(place, one): (usize, &Addressed)| {
        let typed = form.filled("name").filter(|_| is_single).map(str::to_owned);
        let name = typed.or_else(|| one.name.clone()).filter(|_| has("name"));
        let given = [
            ("email", true),
            ("name", name.is_some()),
            ("role", access.role.is_some()),
            ("levels", access.levels.is_some()),
            ("preset", access.preset.is_some()),
            ("visibility", access.visibility.is_some()),
            ("department", access.department.is_some()),
            ("teams", access.teams.is_some()),
            ("landing", landing.is_some()),
            ("billing_contact", access.billing_contact.is_some()),
        ];
        let given = given.into_iter().filter(|(_, is_given)| *is_given);
        NewInvitation {
            email: one.address.clone(),
            place: Some(place),
            name,
            access: access.clone(),
            landing: landing.clone(),
            given: given.map(|(field, _)| field).collect(),
        }
    };
    found.iter().enumerate().map(one).collect()
}

/// The mistakes of a problem by the place of the address that they are about.
fn by_place(text: Text, problem: &Problem, place: usize) -> Option<String> {
    let pointer = format!("/emails/{place}");
    let error = problem.errors.iter().find(|error| error.pointer == pointer)?;
    Some(refusal::of_field(text, error))
}

/// The addresses, each with what is wrong with it.
fn lines(text: Text, problem: Option<&Problem>, found: &[Addressed]) -> Vec<InviteLine> {
    let line = |(place, one): (usize, &Addressed)| InviteLine {
        address: one.address.clone(),
        name: one.name.clone(),
        problem: problem.and_then(|problem| by_place(text, problem, place)),
    };
    found.iter().enumerate().map(line).collect()
}

/// Shows a refusal: at the addresses, at the fields, and the rest at the foot.
fn refuse(drawer: &mut InviteDrawer, frame: &Frame, problem: &Problem, found: &[Addressed]) {
    let lines = lines(frame.text, Some(problem), found);
    let wrong = lines.iter().filter(|line| line.problem.is_some()).count();
    let mut rest = problem.clone();
    let others = problem.errors.iter().filter(|error| !error.pointer.starts_with("/emails"));
    rest.errors = others.cloned().collect();
    let others = drawer.form.set_errors(frame.text, &rest);
    if wrong > 0 {
        drawer.good = lines.len() - wrong;
        drawer.wrong = wrong;
        drawer.lines = lines;
    }
    let why = match (problem.errors.is_empty(), others.first()) {
        (true, _) => refusal::of_problem(frame.text, problem),
        (false, Some(other)) => other.clone(),
        (false, None) if wrong > 0 => text!(frame.text, "invite-wrong", count = wrong),
        (false, None) => frame.t("access-mistakes"),
    };
    drawer.preview = AccessPreview::refused(why);
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    if !ctx.opens(&Invite) {
        return Err(Failure::missing("page"));
    }
    let drawer = InviteDrawer { tries: true, ..drawer(&mut ctx, &frame, &query).await? };
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Invite(Box::new(drawer))).await?)
}

/// Tries the invitations up to the first write, and shows what the people will be able to do.
pub(crate) async fn preview(mut submission: Submission) -> Shown {
    let frame = submission.frame.clone();
    let text = typed(&submission.form);
    let fault = text.as_ref().err().map(|fault| file_error(&frame, &submission.form, *fault));
    let mut found = addresses::read(&text.unwrap_or_default());
    let has_address = !found.is_empty();
    let has_too_many = found.len() > MOST;
    if !has_address {
        // What an invitation gives does not depend on the address.
        let address = "someone@preview.invalid".to_owned();
        found.push(Addressed { address, name: None });
    }
    found.truncate(MOST);
    let tried = try_invitations(&mut submission, &found).await;
    let mut ctx = submission.read().await?;
    let mut drawer = drawer(&mut ctx, &frame, &submission.form).await?;
    match tried {
        Ok(preview) => {
            if found.len() > 1 {
                drawer.lines = lines(frame.text, None, &found);
            }
            drawer.preview = preview;
        }
        Err(problem) if has_address => refuse(&mut drawer, &frame, &problem, &found),
        Err(problem) => {
            let address = problem.errors.iter().any(|one| one.pointer.starts_with("/emails"));
            if !address {
                refuse(&mut drawer, &frame, &problem, &[]);
            }
        }
    }
    drawer.file_error = fault;
    if has_too_many {
        drawer.preview = AccessPreview::refused(frame.t("invite-too-many"));
    }
    reply::page(&TeamPage::behind(&mut ctx, frame, Over::Invite(Box::new(drawer))).await?)
}

async fn try_invitations(
    submission: &mut Submission,
    found: &[Addressed],
) -> Result<AccessPreview, Problem> {
    let mut rehearsal = submission.rehearse().await?;
    let asked = read(&rehearsal.ctx, &submission.form, found);
    match rehearsal.ctx.invitations().send(&asked).await {
        Ok(_) | Err(Error::DryRun) => {}
        Err(error) => return Err(error.into()),
    }
    let effect = rehearsal.into_effect();
    let preview = submission.describe(effect).await?;
    let frame = submission.frame.clone();
    let ctx = submission.read().await?;
    Ok(AccessPreview::of(&ctx, &frame, &preview, None))
}

pub(crate) async fn send(mut submission: Submission) -> Shown {
    let frame = submission.frame.clone();
    let text = typed(&submission.form);
    let fault = text.as_ref().err().map(|fault| file_error(&frame, &submission.form, *fault));
    let mut found = addresses::read(&text.unwrap_or_default());
    if fault.is_some() || found.is_empty() || found.len() > MOST {
        let key = if found.is_empty() { "invite-no-address" } else { "invite-too-many" };
        let mut ctx = submission.read().await?;
        let mut drawer = drawer(&mut ctx, &frame, &submission.form).await?;
        drawer.emails_error = fault.is_none().then(|| frame.t(key));
        drawer.file_error = fault;
        let over = Over::Invite(Box::new(drawer));
        return reply::refused(422, &TeamPage::behind(&mut ctx, frame, over).await?);
    }
    if submission.form.is_checked("skip")
        && let Err(problem) = try_invitations(&mut submission, &found).await
    {
        let places = found.iter().enumerate();
        let good = places.filter(|(place, _)| by_place(frame.text, &problem, *place).is_none());
        found = good.map(|(_, one)| one.clone()).collect();
    }
    let sent: Result<usize, Problem> = async {
        let mut ctx = submission.write().await?;
        let asked = read(&ctx, &submission.form, &found);
        Ok(ctx.invitations().send(&asked).await?.len())
    }
    .await;
    let problem = match sent {
        Ok(count) => {
            let first = found.first().map(|one| one.address.clone()).unwrap_or_default();
            let message = text!(frame.text, "invite-sent", count = count, email = first);
            return reply::done(&format!("{}/settings/team", frame.base), &message);
        }
        Err(problem) => problem,
    };
    if !matches!(problem.status, 403 | 409 | 422 | 429) {
        return Err(problem.into());
    }
    let mut ctx = submission.read().await?;
    let mut drawer = drawer(&mut ctx, &frame, &submission.form).await?;
    refuse(&mut drawer, &frame, &problem, &found);
    let over = Over::Invite(Box::new(drawer));
    reply::refused(problem.status, &TeamPage::behind(&mut ctx, frame, over).await?)
}
