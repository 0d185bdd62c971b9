//! Service accounts: their list on the page of the API keys, and the form for a new one.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{CreateApiKeys, Invite, ReadMembers};
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::RoleRef;
use hallpass_app::service_account::NewServiceAccount;
use hallpass_domain::api_key::ApiKey;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::guard::is_of_person;
use hallpass_web::error::Problem;

use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// A service account in the list.
#[derive(Clone, Debug)]
pub(crate) struct ServiceAccount {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) status: String,
    pub(super) is_active: bool,
    /// How many API keys act for it.
    pub(super) keys: usize,
}

/// The page of a new service account.
#[derive(Template)]
#[template(path = "api_key/service_account.html")]
pub(crate) struct NewServiceAccountPage {
    pub(crate) frame: Frame,
    name: String,
    role: String,
    /// The roles to choose from, by key or id, with their names.
    roles: Vec<(String, String)>,
    faults: Faults,
}

impl NewServiceAccountPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        typed: &Form,
        faults: Faults,
    ) -> Result<NewServiceAccountPage, Failure> {
        if !may_create(ctx) {
            return Err(Failure::missing("page"));
        }
        let roles = ctx.roles().list().await?.into_iter();
        let blueprint = ctx.model().blueprint();
        let roles = roles.filter(|role| role.may_give && !is_of_person(blueprint, &role.id));
        Ok(NewServiceAccountPage {
            name: typed.text("name").to_owned(),
            role: typed.text("role").to_owned(),
            roles: roles.map(|role| (role.id, role.name)).collect(),
            faults,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NewServiceAccountPage {
        NewServiceAccountPage {
            frame: Frame::sample(),
            name: "<script>".into(),
            role: "member".into(),
            roles: vec![("member".into(), "<script>".into())],
            faults: Faults::default(),
        }
    }
}

/// Whether the reader may create service accounts.
pub(super) fn may_create(ctx: &WorkspaceContext) -> bool {
    ctx.opens(&Invite) && ctx.opens(&CreateApiKeys)
}

/// Lists the service accounts; none for a reader who may not read members.
pub(super) async fn list(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    keys: &[ApiKey],
) -> Result<Vec<ServiceAccount>, Failure> {
    // A refused request would be in the audit log.
    if !ctx.opens(&ReadMembers) {
        return Ok(Vec::new());
    }
    let found = ctx.service_accounts().list().await?;
    let row = |member: &Member| ServiceAccount {
        id: member.id.to_string(),
        name: member.name(),
        role: ctx.snapshot().role_name(&member.access.role),
        status: frame.word(member.status.word()),
        is_active: member.status == Status::Active,
        keys: keys.iter().filter(|key| key.member == member.id).count(),
    };
    Ok(found.iter().map(row).collect())
}

/// Shows the form for a new service account.
pub(super) async fn ask(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let (form, faults) = (Form::default(), Faults::default());
    reply::page(&NewServiceAccountPage::load(&mut ctx, frame, &form, faults).await?)
}

/// Creates a service account, and leads back to the keys.
pub(super) async fn create(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let new = NewServiceAccount {
        name: form.text("name").to_owned(),
        access: AccessChange {
            role: form.filled("role").map(RoleRef::from),
            ..AccessChange::default()
        },
    };
    let mut ctx = submission.write().await?;
    let created = ctx.service_accounts().create(&new).await.map_err(Problem::from);
    drop(ctx);
    let problem = match created {
        Ok(member) => {
            let back =
                format!("{}/settings/api-keys?member={}", submission.frame.base, member.id);
            return reply::done(&back, &submission.frame.t("service-account-created"));
        }
        Err(problem) => problem,
    };
    let faults = Faults::of_form(&submission.frame, &problem, &["name", "role"])?;
    let mut ctx = submission.read().await?;
    if !may_create(&ctx) {
        return Err(problem.into());
    }
    let page = NewServiceAccountPage::load(&mut ctx, submission.frame, &form, faults).await?;
    reply::refused(problem.status, &page)
}
