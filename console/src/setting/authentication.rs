//! Sign-in: identity providers, domains, which addresses may join, and what the plan opens
//! (HARMONIA-88).

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateAuthentication;
use hallpass_domain::plan::Entitlement;
use hallpass_domain::setting::Area;
use serde_json::Value;

use super::values::{self, Field, Sent, Values};
use crate::connection::card::{ConnectionCard, DomainRow, load_cards, load_domains};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

const FIELDS: [Field; 2] = [
    ("allowed_domains", "authentication-domains"),
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
    version: String,
    made_from: String,
    domains: String,
    /// Whether people whom a provider knows may join without an invitation.
    allow_sign_up: bool,
    /// Whether the access model has a role for them.
    has_sign_up: bool,
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
        sent: Option<Sent<'_>>,
    ) -> Result<AuthenticationPage, Failure> {
        let values = Values::load(ctx, Area::Authentication, sent).await?;
        let faults = values.faults(&frame, sent, &FIELDS)?;
        let (plan, entitlements) = ctx.billing().entitlements().await?;
        // Without a gate, every plan has it.
        let has_single_sign_on = entitlements
            .iter()
            .find(|one| one.key == SINGLE_SIGN_ON)
            .is_none_or(|one| one.is_included);
        let blueprint = ctx.model().blueprint();
        let has_sign_up = blueprint.membership.invitation.start_role.is_some();
        let connections = load_cards(ctx, &frame).await?;
        let proven_domains = load_domains(ctx, &frame).await?;
        Ok(AuthenticationPage {
            may_update: ctx.opens(&UpdateAuthentication),
            version: values.version(),
            made_from: values.made_from(&FIELDS),
            domains: values.lines("allowed_domains"),
            allow_sign_up: values.is_on("allow_sso_sign_up"),
            has_sign_up,
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
            version: "a".to_owned(),
            made_from: String::new(),
            domains: "<script>".to_owned(),
            allow_sign_up: true,
            has_sign_up: true,
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
    let lines = form.text("allowed_domains").split(['\n', ',', ' ']);
    let domains: Vec<Value> =
        lines.map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect();
    let value = if domains.is_empty() { Value::Null } else { Value::Array(domains) };
    let mut given = values::one("allowed_domains", value);
    given.insert(
        "allow_sso_sign_up".to_owned(),
        Value::Bool(form.is_checked("allow_sso_sign_up")),
    );
    match values::save(&mut submission, Area::Authentication, &given).await {
        Ok(()) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/authentication", frame.base);
            reply::done(&path, &frame.t("authentication-saved"))
        }
        Err(problem) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame, submission.form);
            let sent = Some(Sent { form: &form, refusal: Some(&problem) });
            let page = AuthenticationPage::load(&mut ctx, frame, sent).await?;
            reply::refused(problem.status, &page)
        }
    }
}
