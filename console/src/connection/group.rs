//! The mapping of a connection: which roles, levels and teams the groups of its provider give.

use askama::Template;
use hallpass_app::connection::group::{RuleLapse, gives_roles};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateAuthentication;
use hallpass_app::group_mapping::{GroupMappingOverview, RuleNote};
use hallpass_domain::connection::group::{GroupRule, MOST_RULES};
use hallpass_domain::id::ConnectionId;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::choice::{Choices, RuleRow, RuleValues};
use super::form::parse;
use super::rule::{filled, made_from, read, stale, touches_rules};
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

/// The empty rows that a form has for further rules.
const SPARE: usize = 2;

/// The page of a mapping.
#[derive(Template)]
#[template(path = "connection/groups.html")]
pub(crate) struct GroupsPage {
    frame: Frame,
    /// The name of the connection.
    name: String,
    path: String,
    back: String,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    version: String,
    made_from: String,
    claim: String,
    rows: Vec<RuleRow>,
    /// Whether rules can give levels.
    gives_levels: bool,
    /// Why roles cannot be chosen.
    reasons: Vec<String>,
    /// The groups that the last test has shown.
    tested: Vec<String>,
    changes: usize,
    effect: Option<Effect>,
    faults: Faults,
}

impl GroupsPage {
    /// The page as it is saved, or as a form was sent.
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        id: ConnectionId,
        sent: Option<&Form>,
    ) -> Result<GroupsPage, Failure> {
        let overview = ctx.group_mappings().load(id).await?;
        if !gives_roles(ctx) || !overview.connection.provider.sends_groups() {
            return Err(Failure::missing("mapping"));
        }
        let back = format!("{}/settings/authentication/{id}", frame.base);
        let choices = Choices::load(ctx, &frame, format!("{back}/groups/rows")).await?;
        let made_from = made_from(&overview);
        // The rules are one list: who touched none of them leaves the list as it is.
        let mut rows = match sent.filter(|form| touches_rules(form)) {
            Some(form) => sent_rows(&choices, form),
            None => saved_rows(&frame, &choices, &overview),
        };
        let spare = sent.map_or(SPARE, |form| form.text("spare").parse().unwrap_or(SPARE));
        let most = MOST_RULES.saturating_sub(rows.len()).min(spare.clamp(SPARE, MOST_RULES));
        let first = rows.len();
        rows.extend(
            (first..first + most).map(|at| choices.row(at, "", &RuleValues::default())),
        );
        let connection = overview.connection;
        let tested = connection.test.iter().flat_map(|test| &test.claims);
        let claim = connection.groups.claim.clone();
        let tested = tested.filter(|(name, _)| *name == claim || name.ends_with("/groups"));
        let tested: Vec<String> = tested.flat_map(|(_, values)| values.clone()).collect();
        Ok(GroupsPage {
            path: format!("{back}/groups"),
            may_update: ctx.opens(&UpdateAuthentication),
            blocked: of_permission(ctx, frame.text, &UpdateAuthentication),
            version: connection.version.to_string(),
            made_from,
            claim: sent.map_or_else(|| claim.clone(), |form| form.text_or("claim", &claim)),
            tested,
            name: connection.name,
            changes: 0,
            effect: None,
            faults: Faults::default(),
            gives_levels: choices.gives_levels(),
            reasons: choices.roles.into_iter().filter_map(|role| role.reason).collect(),
            rows,
            back,
            frame,
        })
    }

    fn preview(&self) -> String {
        format!("{}/preview", self.path)
    }

    #[cfg(test)]
    pub(crate) fn sample() -> GroupsPage {
        GroupsPage {
            frame: Frame::sample(),
            name: "<script>".into(),
            path: "/groups".into(),
            back: "/".into(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            version: "1".into(),
            made_from: String::new(),
            claim: "groups".into(),
            reasons: vec!["<script>".into()],
            rows: vec![RuleRow::sample()],
            gives_levels: true,
            tested: vec!["<script>".into()],
            changes: 1,
            effect: None,
            faults: Faults::default(),
        }
    }
}

/// The rows of the rules that are saved, with who wrote them.
fn saved_rows(
    frame: &Frame,
    choices: &Choices,
    overview: &GroupMappingOverview,
) -> Vec<RuleRow> {
    let rules = overview.connection.groups.rules.iter().zip(&overview.notes).enumerate();
    let row = |(at, (rule, note)): (usize, (&GroupRule, &RuleNote))| {
        let author = note.author.clone().unwrap_or_else(|| frame.t("group-author-unknown"));
        let key = match note.lapse {
            None => "group-by",
            Some(RuleLapse::Author) => "group-lapsed-author",
            Some(RuleLapse::Contents) => "group-lapsed-contents",
        };
        RuleRow {
            note: frame.with(key, "name", &author),
            has_lapsed: note.lapse.is_some(),
            ..choices.row(at, &rule.group, &RuleValues::of(rule))
        }
    };
    rules.map(row).collect()
}

/// The rows that a form has filled in.
fn sent_rows(choices: &Choices, form: &Form) -> Vec<RuleRow> {
    let form = &form.whole();
    let rows = filled(form).into_iter().enumerate();
    rows.map(|(at, sent)| {
        choices.row(at, form.text(&format!("group.{sent}")), &RuleValues::of_form(form, sent))
    })
    .collect()
}

pub(super) async fn show(Path((_, id)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&GroupsPage::load(&mut ctx, frame, parse(&id)?, None).await?)
}

pub(super) async fn save(
    Authenticated(principal): Authenticated,
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let mut ctx = submission.write().await?;
    let input = read(&mut ctx, id, &submission.form).await?;
    let saved = ctx.group_mappings().replace(&principal, id, &input).await;
    drop(ctx);
    match saved {
        Ok(_) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/authentication/{id}/groups", frame.base);
            reply::done(&path, &frame.t("groups-saved"))
        }
        Err(error) => refused(&mut submission, id, &error.into()).await,
    }
}

pub(super) async fn preview(
    Authenticated(principal): Authenticated,
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let mut rehearsal = submission.rehearse().await?;
    let input = read(&mut rehearsal.ctx, id, &submission.form).await?;
    let ran = rehearsal.ctx.group_mappings().replace(&principal, id, &input).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = GroupsPage::load(&mut ctx, frame, id, Some(form)).await?;
            form.keep_base(&mut page.version, &mut page.made_from);
            reply::page(&GroupsPage { effect: Some(effect), ..page })
        }
        Err(problem) => {
            let mut page = again(&mut submission, id, &problem).await?;
            submission.form.keep_base(&mut page.version, &mut page.made_from);
            reply::refused(problem.status, &page)
        }
    }
}

/// Shows the form with more empty rows.
pub(super) async fn add_rows(
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let form = submission.form.clone().put("spare", (SPARE + 8).to_string());
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone();
    let mut page = GroupsPage::load(&mut ctx, frame, id, Some(&form)).await?;
    form.keep_base(&mut page.version, &mut page.made_from);
    reply::page(&page)
}

/// Shows the form again, with what was typed.
async fn refused(submission: &mut Submission, id: ConnectionId, problem: &Problem) -> Shown {
    let page = again(submission, id, problem).await?;
    reply::refused(problem.status, &page)
}

/// The page with a form that was refused.
async fn again(
    submission: &mut Submission,
    id: ConnectionId,
    problem: &Problem,
) -> Result<GroupsPage, Failure> {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let mut page = GroupsPage::load(&mut ctx, frame, id, Some(form)).await?;
    let fields: Vec<String> = (0..page.rows.len())
        .map(|at| format!("rules/{at}"))
        .chain(["claim".to_owned()])
        .collect();
    let known: Vec<&str> = fields.iter().map(String::as_str).collect();
    page.faults = Faults::of_form(&page.frame, problem, &known)?;
    if problem.status == 412 {
        page.faults = stale(&mut ctx, &page.frame, id, form).await?;
    } else {
        form.keep_base(&mut page.version, &mut page.made_from);
    }
    for row in &mut page.rows {
        row.error = page.faults.at(&format!("rules/{}", row.at));
    }
    Ok(page)
}
