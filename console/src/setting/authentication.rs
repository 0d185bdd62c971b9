//! Sign-in: identity providers, domains, which addresses may join, and what the plan opens
//! (HARMONIA-88).

use askama::Template;
use hallpass_app::connection::group::gives_roles;
use hallpass_app::connection::requirement::Obstacle;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateAuthentication;
use hallpass_domain::plan::Entitlement;
use hallpass_domain::setting::Area;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use super::values::{self, Field, Sent, Values};
use crate::connection::card::{ConnectionCard, DomainRow, load_cards, load_domains};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::frame::Frame;
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

const DOMAINS: [Field; 1] = [("allowed_domains", "authentication-domains")];

const RULES: [Field; 2] = [
    ("require_sso", "authentication-require"),
    ("allow_sso_sign_up", "authentication-sign-up"),
];

/// The entitlement that connections need.
const SINGLE_SIGN_ON: &str = "sso";

/// The page on sign-in.
#[derive(Template)]
#[template(path = "setting/authentication.html")]
pub(crate) struct AuthenticationPage {
    pub(crate) frame: Frame,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    version: String,
    made_from: String,
    domains: String,
    rules: Rules,
    /// Whether the plan has single sign-on.
    has_single_sign_on: bool,
    connections: Vec<ConnectionCard>,
    proven_domains: Vec<DomainRow>,
    /// The domain that was typed and refused.
    domain: String,
    /// The plan of the workspace.
    plan: String,
    features: Vec<Feature>,
    faults: Faults,
    pub(crate) dialog: Option<Dialog>,
}

/// Which form of the page was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Domains,
    Rules,
}

/// The rules for single sign-on.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    version: String,
    made_from: String,
    is_required: bool,
    /// What keeps the reader from requiring it, in words.
    obstacle: Option<String>,
    /// The name of the role that is not bound.
    top_role: Option<String>,
    /// Whether people whom a provider knows may join without an invitation.
    allow_sign_up: bool,
    /// Whether the access model has a role for them.
    has_sign_up: bool,
    /// Whether groups of a provider can give roles.
    has_groups: bool,
}

impl Rules {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        values: &Values,
    ) -> Result<Rules, Failure> {
        let obstacle = ctx.connections().find_obstacle().await?;
        let is_required = values.is_on("require_sso");
        let key = |obstacle| match obstacle {
            Obstacle::NoConnection => "authentication-require-no-connection",
            Obstacle::Untested => "authentication-require-untested",
            Obstacle::SecondFactor => "authentication-require-second-factor",
            Obstacle::SingleSignOn => "authentication-require-single-sign-on",
        };
        let blueprint = ctx.model().blueprint();
        Ok(Rules {
            version: values.version(),
            made_from: values.made_from(&RULES),
            // What is required already can always be ended.
            obstacle: obstacle.filter(|_| !is_required).map(|found| frame.t(key(found))),
            is_required,
            top_role: blueprint.top_role().map(|role| role.name.clone()),
            allow_sign_up: values.is_on("allow_sso_sign_up"),
            has_sign_up: blueprint.membership.invitation.start_role.is_some(),
            has_groups: gives_roles(ctx),
        })
    }

    #[cfg(test)]
    fn sample() -> Rules {
        Rules {
            version: "a".to_owned(),
            made_from: String::new(),
            is_required: false,
            obstacle: Some("Test a connection first.".to_owned()),
            top_role: Some("<script>".to_owned()),
            allow_sign_up: true,
            has_sign_up: true,
            has_groups: true,
        }
    }
}

/// Something that needs a plan.
#[derive(Clone, Debug)]
pub(crate) struct Feature {
    name: String,
    is_included: bool,
    text: String,
}

impl Feature {
    fn of(frame: &Frame, one: &Entitlement) -> Feature {
        let known = [("sso", "feature-sso"), ("scim", "feature-scim")];
        let key = known.iter().find(|(key, _)| *key == one.key).map(|(_, name)| *name);
        let text = match (&one.from, one.is_included) {
            (_, true) => frame.t("feature-included"),
            (Some(plan), false) => text!(frame.text, "feature-from", plan = &plan.name),
            (None, false) => frame.t("feature-never"),
        };
        let name = key.map_or_else(|| one.key.clone(), |key| frame.t(key));
        Feature { name, is_included: one.is_included, text }
    }
}

impl AuthenticationPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        sent: Option<(Part, Sent<'_>)>,
    ) -> Result<AuthenticationPage, Failure> {
        let of_part = |part| sent.filter(|(of, _)| *of == part).map(|(_, sent)| sent);
        let in_rules = of_part(Part::Rules);
        let stored = Values::load(ctx, Area::Authentication, in_rules).await?;
        let rules = Rules::load(ctx, &frame, &stored).await?;
        let in_domains = of_part(Part::Domains);
        let values = Values::load(ctx, Area::Authentication, in_domains).await?;
        let faults = match in_rules {
            Some(_) => stored.faults(&frame, in_rules, &RULES)?,
            None => values.faults(&frame, in_domains, &DOMAINS)?,
        };
        let (plan, entitlements) = ctx.billing().entitlements().await?;
        // Without a gate, every plan has it.
        let has_single_sign_on = entitlements
            .iter()
            .find(|one| one.key == SINGLE_SIGN_ON)
            .is_none_or(|one| one.is_included);
        let connections = load_cards(ctx, &frame).await?;
        let proven_domains = load_domains(ctx, &frame).await?;
        Ok(AuthenticationPage {
            may_update: ctx.opens(&UpdateAuthentication),
            blocked: of_permission(ctx, frame.text, &UpdateAuthentication),
            version: values.version(),
            made_from: values.made_from(&DOMAINS),
            domains: values.lines("allowed_domains"),
            rules,
            has_single_sign_on,
            connections,
            proven_domains,
            domain: String::new(),
            dialog: None,
            plan: plan.map(|plan| plan.name).unwrap_or_default(),
            features: entitlements.iter().map(|one| Feature::of(&frame, one)).collect(),
            faults,
            frame,
        })
    }

    /// The page with a dialog over it.
    pub(crate) async fn covered(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        dialog: Dialog,
    ) -> Result<AuthenticationPage, Failure> {
        let page = AuthenticationPage::load(ctx, frame.covered(), None).await?;
        Ok(AuthenticationPage { dialog: Some(dialog), ..page })
    }

    /// The page with what is wrong about a domain.
    pub(crate) async fn with_faults(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        faults: Faults,
        domain: String,
    ) -> Result<AuthenticationPage, Failure> {
        let page = AuthenticationPage::load(ctx, frame, None).await?;
        Ok(AuthenticationPage { domain, faults, ..page })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> AuthenticationPage {
        AuthenticationPage {
            frame: Frame::sample(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            version: "a".to_owned(),
            made_from: String::new(),
            domains: "<script>".to_owned(),
            rules: Rules::sample(),
            has_single_sign_on: true,
            connections: vec![ConnectionCard::sample()],
            proven_domains: vec![DomainRow {
                domain: "<script>".into(),
                record: "hallpass-domain=<script>".into(),
                proven: None,
            }],
            domain: "<script>".to_owned(),
            dialog: Some(Dialog::sample()),
            plan: "Free".to_owned(),
            features: vec![Feature {
                name: "Single sign-on".into(),
                is_included: false,
                text: "From Agency".into(),
            }],
            faults: Faults::default(),
        }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&AuthenticationPage::load(&mut ctx, frame, None).await?)
}

pub(super) async fn save(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let mut given = Map::new();
    // What the sender left as it was stays.
    if let Some(text) = form.find("allowed_domains") {
        let lines = text.split(['\n', ',', ' ']).map(str::trim);
        let domains: Vec<Value> =
            lines.filter(|line| !line.is_empty()).map(Value::from).collect();
        let value = if domains.is_empty() { Value::Null } else { Value::Array(domains) };
        given.insert("allowed_domains".to_owned(), value);
    }
    let saved = values::save(&mut submission, Area::Authentication, &given).await;
    answer(submission, saved, (Part::Domains, "authentication-saved")).await
}

/// Saves the rules for single sign-on.
pub(super) async fn save_rules(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let mut boxes = vec!["require_sso"];
    // An access model without a role for them has no such control.
    if form.is_checked("has_sign_up") {
        boxes.push("allow_sso_sign_up");
    }
    let touched = boxes.into_iter().filter(|name| !form.is_untouched(name));
    let given =
        touched.map(|name| (name.to_owned(), Value::Bool(form.is_checked(name)))).collect();
    let saved = values::save(&mut submission, Area::Authentication, &given).await;
    answer(submission, saved, (Part::Rules, "authentication-rules-saved")).await
}

async fn answer(
    mut submission: Submission,
    saved: Result<(), Problem>,
    (part, done): (Part, &str),
) -> Shown {
    match saved {
        Ok(()) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/authentication", frame.base);
            reply::done(&path, &frame.t(done))
        }
        Err(problem) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame, submission.form);
            let sent = Some((part, Sent { form: &form, refusal: Some(&problem) }));
            let page = AuthenticationPage::load(&mut ctx, frame, sent).await?;
            reply::refused(problem.status, &page)
        }
    }
}
