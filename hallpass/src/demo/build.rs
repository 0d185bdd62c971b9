//! Builds the workspaces of the demo through the use cases, past every guard, at dates in the last
//! ten months: people sign up, accept invitations and work.

use std::sync::Arc;

use hallpass_app::account::SignUp;
use hallpass_app::account::deletion::DELETE;
use hallpass_app::account::operator::OperatorStatus;
use hallpass_app::environment::SystemRandom;
use hallpass_app::hasher::HashCost;
use hallpass_app::mailer::Mailer;
use hallpass_app::operation::Operator;
use hallpass_app::origin::Origin;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{App, Error, Principal, Rules};
use hallpass_domain::blueprint::SHIPPED;
use hallpass_domain::secret::Secret;
use hallpass_domain::time::Span;
use hallpass_engine::Blueprint;

use super::clock::DemoClock;
use super::mailbox::Mailbox;
use super::member_access::{access, layers};
use super::people::{
    EXPIRED_INVITATION, MAX, PASSWORD, PENDING_INVITATION, PEOPLE, Person, ROSA, UNSEEN,
};
use super::workspace::DemoWorkspace;
use super::{account, activity, billing, membership, presence, setting};

/// How long ago the workspaces were created.
const AGE: Span = Span::days(300);

/// How often records are imported.
const IMPORTS: usize = 4;

/// The slugs of the workspaces: the ids of the access models.
pub(super) fn slugs() -> Vec<String> {
    blueprints().map(|(blueprint, _)| blueprint.id).collect()
}

fn blueprints() -> impl Iterator<Item = (Blueprint, &'static str)> {
    SHIPPED.into_iter().filter_map(|text| Some((Blueprint::parse(text).ok()?, text)))
}

/// Builds the demo in an empty database.
pub(super) async fn build(app: &App) -> Result<(), Error> {
    let today = app.now();
    let founded = today - AGE;
    let clock = Arc::new(DemoClock::new(founded));
    let rules =
        Rules { stripe_secret: Some(billing::SECRET.to_owned()), ..app.rules().clone() };
    let random = Arc::new(SystemRandom::default());
    let app_clock = Arc::<DemoClock>::clone(&clock);
    let app = App::with(app.db().clone(), rules, app_clock, random, HashCost::USUAL)?;
    let mut builder =
        Builder { app, mailbox: Arc::new(Mailbox::default()), principals: Vec::new() };
    for person in PEOPLE {
        builder.principals.push(builder.sign_up(person).await?);
    }
    let mut workspaces = Vec::new();
    for (blueprint, text) in blueprints() {
        workspaces.push(builder.create_workspace(blueprint, text).await?);
    }
    for workspace in &workspaces {
        setting::configure(workspace).await?;
    }
    for import in 0..IMPORTS {
        let back = AGE.0 / 5 * i64::try_from(IMPORTS - import).unwrap_or(1);
        clock.set(today - Span(back));
        for workspace in &workspaces {
            activity::import_records(workspace, import).await?;
        }
    }
    clock.set(today - Span::days(40));
    for workspace in &workspaces {
        workspace.invite(&[EXPIRED_INVITATION]).await?;
    }
    clock.set(today - Span::days(1));
    for workspace in &workspaces {
        workspace.invite(&[PENDING_INVITATION]).await?;
        billing::subscribe(workspace).await?;
        activity::act_on_records(workspace).await?;
        membership::offboard(workspace).await?;
        activity::reassign_records(workspace).await?;
        account::create_api_key(workspace).await?;
    }
    builder.add_guests(&workspaces).await?;
    let paying = workspaces.iter().rfind(|one| one.has_area_verb("billing", "plan"));
    if let Some(workspace) = paying {
        workspace.recent_ctx().await?.billing().cancel().await?;
    }
    if let Some(anna) = builder.principals.first() {
        account::complete_profile(&builder.app, anna).await?;
        account::delete_workspace(&builder.app, anna).await?;
    }
    builder.make_operator().await?;
    if let Some(lea) = builder.principals.last() {
        account::speak_german(&builder.app, lea).await?;
    }
    clock.set(today - Span::minutes(20));
    builder.open_workspaces(&workspaces).await?;
    for principal in &builder.principals {
        presence::sign_out(&builder.app, principal).await?;
    }
    // No server of the demo's past stores when its people were last seen.
    builder.app.presence().store().await?;
    builder.deliver_mails().await
}

struct Builder {
    app: App,
    mailbox: Arc<Mailbox>,
    /// The accounts of `PEOPLE`, in that order.
    principals: Vec<Principal>,
}

impl Builder {
    /// The founder runs the server of the demo.
    async fn make_operator(&self) -> Result<(), Error> {
        let Some(anna) = self.principals.first() else { return Ok(()) };
        let operator = Operator::new("demo");
        let (accounts, id) = (self.app.accounts(), anna.person()?);
        accounts.set_operator_as(&operator, id, OperatorStatus::Operator).await.map(drop)
    }

    async fn sign_up(&self, person: Person) -> Result<Principal, Error> {
        let account = SignUp {
            email: person.email(),
            password: Secret::new(PASSWORD.to_owned()),
            first_name: person.first.to_owned(),
            last_name: person.last.to_owned(),
            locale: None,
        };
        let (_, token) = self.app.accounts().sign_up(&account, &Origin::default()).await?;
        let found =
            self.app.principals().find_by_session(&token, (&Origin::default(), "demo")).await?;
        let principal = found.ok_or(Error::NotSignedIn)?;
        self.deliver_mails().await?;
        if let Some(link) = self.mailbox.confirmation_token(&person.email()) {
            self.app.accounts().confirm_address(Some(&principal), &link, None).await?;
        }
        Ok(principal)
    }

    async fn deliver_mails(&self) -> Result<(), Error> {
        let mailer: Arc<dyn Mailer> = Arc::<Mailbox>::clone(&self.mailbox);
        while self.app.mails().deliver_due(&mailer).await?.is_full() {}
        Ok(())
    }

    /// Creates a workspace of a blueprint and adds every member to it.
    async fn create_workspace(
        &self,
        blueprint: Blueprint,
        text: &str,
    ) -> Result<DemoWorkspace<'_>, Error> {
        let anna = self.principals.first().ok_or(Error::NotSignedIn)?;
        let new = NewWorkspace {
            name: blueprint.name.clone(),
            slug: blueprint.id.clone(),
            blueprint: None,
            blueprint_text: Some(text.to_owned()),
        };
        let founder = self.app.accounts().load(anna).await?.email;
        self.app.workspaces().create_as(&Operator::new("demo"), &founder, &new).await?;
        let mut workspace =
            DemoWorkspace { app: &self.app, anna, blueprint, members: Vec::new() };
        let layers = layers(&workspace).await?;
        workspace.members.extend(workspace.ctx().await?.member_id());
        workspace.invite(PEOPLE.get(1..).unwrap_or_default()).await?;
        self.deliver_mails().await?;
        for (person, principal) in PEOPLE.iter().zip(&self.principals).skip(1) {
            let Some(token) = self.mailbox.invitation_token(&person.email()) else { continue };
            let accepted = self.app.invitations().accept(principal, &token).await?;
            workspace.members.push(accepted.member.id);
        }
        for (person, member) in workspace.members.iter().enumerate().skip(1) {
            let access = access(&workspace.blueprint, &layers, &workspace.members, person);
            if let Some(change) = access {
                workspace.ctx().await?.members().update(*member, &change).await?;
            }
        }
        if workspace.blueprint.billing_contact.is_some()
            && let Some(contact) = workspace.members.get(2)
        {
            workspace.recent_ctx().await?.billing().transfer(*contact).await?;
        }
        Ok(workspace)
    }

    /// The people open every workspace that lets them in, except Anna, whose last one is open, and
    /// the member who was not seen for long.
    async fn open_workspaces(&self, workspaces: &[DemoWorkspace<'_>]) -> Result<(), Error> {
        let people = self.principals.iter().enumerate().skip(1);
        for (_, principal) in people.filter(|(person, _)| *person != UNSEEN) {
            for workspace in workspaces {
                match self.app.enter(principal, &workspace.blueprint.id).await {
                    Ok(_) | Err(Error::Missing { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Two guests join every workspace: one passes through every state of a membership and leaves,
    /// the other deletes their account.
    async fn add_guests(&self, workspaces: &[DemoWorkspace<'_>]) -> Result<(), Error> {
        let [rosa, max] = [self.sign_up(ROSA).await?, self.sign_up(MAX).await?];
        for workspace in workspaces {
            workspace.invite(&[ROSA, MAX]).await?;
            self.deliver_mails().await?;
            let mut members = Vec::new();
            for (person, principal) in [(ROSA, &rosa), (MAX, &max)] {
                let token = self.mailbox.invitation_token(&person.email());
                let Some(token) = token else { continue };
                members.push(self.app.invitations().accept(principal, &token).await?.member.id);
            }
            if let Some(member) = members.first() {
                membership::pass_through(workspace, &rosa, *member).await?;
            }
        }
        let max = presence::present(&self.app, &max).await?;
        self.app.accounts().delete(&max, DELETE).await
    }
}
