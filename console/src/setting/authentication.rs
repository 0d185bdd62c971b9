//! Sign-in: which addresses may join, and what the plan opens (HARMONIA-88).

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateAuthentication;
use hallpass_domain::plan::Entitlement;
use hallpass_domain::setting::Area;
use serde_json::Value;

use super::values::{self, Field, Sent, Values};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

const FIELDS: [Field; 1] = [("allowed_domains", "authentication-domains")];

/// The page on sign-in.
#[derive(Template)]
#[template(path = "setting/authentication.html")]
pub(crate) struct AuthenticationPage {
    frame: Frame,
    may_update: bool,
    version: String,
    made_from: String,
    domains: String,
    /// The plan of the workspace.
    plan: String,
    features: Vec<Feature>,
    faults: Faults,
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
        Ok(AuthenticationPage {
            may_update: ctx.opens(&UpdateAuthentication),
            version: values.version(),
            made_from: values.made_from(&FIELDS),
            domains: values.lines("allowed_domains"),
            plan: plan.map(|plan| plan.name).unwrap_or_default(),
            features: entitlements.iter().map(|one| Feature::of(&frame, one)).collect(),
            faults,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> AuthenticationPage {
        AuthenticationPage {
            frame: Frame::sample(),
            may_update: true,
            version: "a".to_owned(),
            made_from: String::new(),
            domains: "<script>".to_owned(),
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
    let given = values::one("allowed_domains", value);
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
