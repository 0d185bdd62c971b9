//! Workspaces: creating, looking at oneself in one, deleting and restoring.

pub mod restoration;

use std::sync::Arc;

use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_domain::profile::Profile;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::slug::Slug;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_domain::workspace::{GRACE, Workspace};
use hallpass_domain::{account::Account, blueprint};
use hallpass_engine::Blueprint;
use hallpass_store::Tx;
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{AnyMember, Credential, DeleteWorkspace};
use crate::operation::Operator;
use crate::principal::Principal;

/// A workspace that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct NewWorkspace {
    /// Its name.
    pub name: String,
    /// How it is named in addresses.
    pub slug: String,
    /// The id of a blueprint that ships, or nothing for the default.
    pub blueprint: Option<String>,
    /// The text of a blueprint of one's own.
    pub blueprint_text: Option<String>,
}

/// A member as they see themselves in a workspace.
#[derive(Clone, Debug)]
pub struct OwnMembership {
    /// The member.
    pub member: Member,
    /// The resources that the sidebar shows, by key.
    pub navigation: Vec<String>,
    /// The resource where they land.
    pub landing: Option<String>,
}

impl App {
    /// Creates a workspace. The creator holds its top role, and is its billing contact where the
    /// access model has one (HARMONIA-02, HALO-025, HALO-026).
    ///
    /// # Errors
    ///
    /// `Fields` with what is wrong, every mistake of the blueprint's text among it; `SlugTaken`;
    /// `NotSelfServe` where the access model keeps it for the operator and the caller is in a
    /// workspace already (HARMONY-15, HARMONY-16).
    pub async fn create_workspace(
        &self,
        principal: &Principal,
        ask: &NewWorkspace,
    ) -> Result<Workspace, Error> {
        let (name, slug, text, blueprint) = read(ask)?;
        let mut tx = self.db().write().await?;
        let account = tx
            .accounts()
            .find_for_update(principal.person()?)
            .await?
            .ok_or(Error::NotSignedIn)?;
        let keeps_for_operator =
            !blueprint.membership.self_serve.create && !self.rules().opens_self_serve;
        if keeps_for_operator && !tx.accounts().list_workspaces(account.id).await?.is_empty() {
            let contact = self.rules().operator_contact.clone();
            return Err(Refusal::NotSelfServe { what: "create a workspace", contact }.into());
        }
        let id = self.id();
        let (text, blueprint, by) = (&text, &blueprint, WorkspaceCreator::Member);
        let founded = WorkspaceBirth { id, name, slug, text, blueprint, by };
        self.found(tx, &account, founded, &principal.request).await
    }

    /// Creates a workspace for an account, as the operator.
    ///
    /// # Errors
    ///
    /// As for [`App::create_workspace`], and `Missing` when there is no such account.
    pub async fn create_workspace_for(
        &self,
        operator: &Operator,
        email: &hallpass_domain::email::Email,
        ask: &NewWorkspace,
    ) -> Result<Workspace, Error> {
        let (name, slug, text, blueprint) = read(ask)?;
        let mut tx = self.db().write().await?;
        let no_account = || Error::Missing { noun: "account" };
        let account = tx.accounts().find_by_email(email).await?.ok_or_else(no_account)?;
        let account =
            tx.accounts().find_for_update(account.id).await?.ok_or_else(no_account)?;
        let id: WorkspaceId = self.id();
        let detail = json!({
            "workspace": slug.as_str(), "blueprint": blueprint.id, "for": email.as_str(),
        });
        let operation = self.operation(operator, "workspace.create", id, detail);
        tx.operations().insert(&operation).await?;
        let (text, blueprint, by) = (&text, &blueprint, WorkspaceCreator::Operator);
        let founded = WorkspaceBirth { id, name, slug, text, blueprint, by };
        self.found(tx, &account, founded, operator.name()).await
    }

    async fn found(
        &self,
        tx: Tx,
        account: &Account,
        founded: WorkspaceBirth<'_>,
        request: &str,
    ) -> Result<Workspace, Error> {
        let mut tx = tx;
        let WorkspaceBirth { id, name, slug, text, blueprint, by } = founded;
        if tx.workspaces().find_id_by_slug(slug.as_str()).await?.is_some() {
            return Err(Refusal::SlugTaken { slug: slug.to_string() }.into());
        }
        let workspace = Workspace {
            id,
            slug,
            name,
            revision: 1,
            created_at: self.now(),
            deleted_at: None,
            settings: Map::new(),
            blueprint_hash: Sha256::digest(text.as_bytes()).to_vec(),
        };
        let added = tx.workspaces().insert(&workspace, (&blueprint.id, text)).await;
        let taken = || Refusal::SlugTaken { slug: workspace.slug.to_string() };
        added.map_err(|error| Error::on_conflict(error, taken()))?;
        tx.accounts().add_workspace(account.id, workspace.id).await?;
        let mut inside = tx.into_workspace(workspace.id.0).await?.ok_or_else(no_workspace)?;
        let member = self.founder(account, blueprint, by);
        inside.members().insert(&member).await?;
        for template in blueprint.profiles.iter().flat_map(|profiles| &profiles.templates) {
            let profile = Profile {
                id: self.id(),
                template: Some(template.key.clone()),
                name: Name::parse(&template.name)
                    .map_err(|why| Error::broken(format!("`{}`: {why}", template.name)))?,
                description: template.description.clone(),
                cells: template.cells.clone(),
                version: 1,
            };
            inside.profiles().insert(&profile).await?;
        }
        let actor = Actor::Outside("whoever founds a workspace");
        let mut ctx = self.open_context(inside, actor, request.to_owned()).await?;
        let pass = ctx.admit(Credential::Founding)?;
        ctx.actor = Actor::Member { id: member.id, name: member.name() };
        let after = json!({
            "name": workspace.name.as_str(), "slug": workspace.slug.as_str(),
            "blueprint": blueprint.id,
        });
        ctx.record_audit(&pass, "workspace.create", workspace.id, &(), &after).await?;
        ctx.commit(&pass).await?;
        Ok(workspace)
    }

    pub(crate) fn founder(
        &self,
        account: &Account,
        blueprint: &Blueprint,
        by: WorkspaceCreator,
    ) -> Member {
        let top = blueprint.top_role().map(|role| role.key.clone()).unwrap_or_default();
        let contact = blueprint.billing_contact.as_ref();
        let mut access = MemberAccess::new(blueprint, &top);
        access.is_billing_contact = contact.is_some_and(|rules| rules.starts_with_creator);
        let member = self.new_member(account, access, None);
        match by {
            WorkspaceCreator::Member => Member { role_by: Some(member.id), ..member },
            WorkspaceCreator::Operator => member,
        }
    }

    /// A member from an account, not yet kept; so far nobody gave them their role.
    pub(crate) fn new_member(
        &self,
        account: &Account,
        access: MemberAccess,
        landing: Option<String>,
    ) -> Member {
        Member {
            id: self.id(),
            account: account.id,
            first_name: account.first_name.to_string(),
            last_name: account.last_name.clone(),
            email: account.email.as_str().to_owned(),
            status: Status::Active,
            access,
            landing,
            joined_at: self.now(),
            role_since: self.now(),
            role_by: None,
            seen_at: None,
            version: 1,
        }
    }

    /// Notes that a member is in a workspace, so that it is shown first next time, and whoever reviews
    /// the members sees when they were last here; once a minute.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn note_visit(
        &self,
        principal: &Principal,
        workspace: WorkspaceId,
        member: MemberId,
        seen_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let now = self.now();
        if seen_at.is_some_and(|seen| now - seen < Span::minutes(1)) {
            return Ok(());
        }
        let Some(mut tx) = self.db().write_in(workspace.0).await? else { return Ok(()) };
        tx.members().update_seen_at(member, now).await?;
        tx.global().accounts().record_visit(principal.account(), workspace, now).await?;
        Ok(tx.commit().await?)
    }
}

/// What a new workspace is made of.
struct WorkspaceBirth<'f> {
    id: WorkspaceId,
    name: Name,
    slug: Slug,
    text: &'f str,
    blueprint: &'f Arc<Blueprint>,
    by: WorkspaceCreator,
}

/// Who makes a workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkspaceCreator {
    /// Whoever will hold its top role.
    Member,
    /// The operator, for them.
    Operator,
}

impl WorkspaceContext {
    /// The member who visits, as they see themselves.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn myself(&mut self) -> Result<OwnMembership, Error> {
        let pass = self.check(AnyMember).await?;
        let id = self.member_id().ok_or_else(no_workspace)?;
        let member = self.tx(&pass)?.members().find(id).await?.ok_or_else(no_workspace)?;
        let index = self.member_index().ok_or_else(no_workspace)?;
        let open =
            self.policy().navigation(index).filter(|one| self.snapshot().is_on(&one.key));
        let navigation: Vec<String> = open.map(|resource| resource.key.clone()).collect();
        let chosen = member.landing.as_ref().filter(|key| navigation.contains(key));
        let general = self.snapshot().workspace.settings.get("general");
        let usual = general.and_then(|general| general.get("landing")?.as_str());
        let usual = usual.and_then(|usual| navigation.iter().find(|key| *key == usual));
        let landing = chosen.or(usual).or_else(|| navigation.first()).cloned();
        Ok(OwnMembership { member, navigation, landing })
    }

    /// Deletes the workspace: from now on nobody enters it; for thirty days it can be restored.
    ///
    /// # Errors
    ///
    /// `Denied`, `NotSelfServe`, and `NotConfirmed` without the exact slug.
    pub async fn delete_workspace(&mut self, confirm: &str) -> Result<(), Error> {
        let pass = self.check(DeleteWorkspace).await?;
        let workspace = self.snapshot().workspace.clone();
        if confirm != workspace.slug.as_str() {
            return Err(Refusal::NotConfirmed { word: workspace.slug.to_string() }.into());
        }
        let purge_at = (self.now + GRACE).to_string();
        let before = json!({"name": workspace.name.as_str(), "slug": workspace.slug.as_str()});
        self.record_audit(
            &pass,
            "workspace.delete",
            workspace.id,
            &before,
            &json!({"purge_at": purge_at}),
        )
        .await?;
        let now = self.now;
        self.tx(&pass)?.delete(now).await?;
        Ok(self.gated.take(&pass)?.commit().await?)
    }
}

/// Reads what somebody asks for.
fn read(ask: &NewWorkspace) -> Result<(Name, Slug, String, Arc<Blueprint>), Refusal> {
    let mut errors = Vec::new();
    let name = Name::parse(&ask.name);
    if let Err(why) = &name {
        errors.push(FieldError::new("/name", "bad_name", why.to_string()));
    }
    let slug = Slug::parse(&ask.slug);
    if let Err(why) = &slug {
        errors.push(FieldError::new("/slug", "bad_slug", why.to_string()));
    }
    let blueprint = read_blueprint(ask);
    if let Err(wrong) = &blueprint {
        errors.extend(wrong.iter().cloned());
    }
    match (name, slug, blueprint) {
        (Ok(name), Ok(slug), Ok((text, blueprint))) => Ok((name, slug, text, blueprint)),
        _ => Err(Refusal::Fields(errors)),
    }
}

fn read_blueprint(ask: &NewWorkspace) -> Result<(String, Arc<Blueprint>), Vec<FieldError>> {
    let one =
        |pointer: &str, code, detail: String| vec![FieldError::new(pointer, code, detail)];
    let text = match (&ask.blueprint_text, &ask.blueprint) {
        (Some(_), Some(_)) => {
            let detail = "name a blueprint or send one, not both".to_owned();
            return Err(one("/blueprint_text", "ambiguous", detail));
        }
        (Some(text), None) => text.clone(),
        (None, Some(id)) => {
            let found = blueprint::find(id).ok_or_else(|| {
                let detail = format!("there is no blueprint `{id}`: see `/api/v1/blueprints`");
                one("/blueprint", "unknown", detail)
            })?;
            found.to_owned()
        }
        (None, None) => {
            blueprint::SHIPPED.first().map(|text| (*text).to_owned()).unwrap_or_default()
        }
    };
    let parsed = Blueprint::parse(&text).map_err(|mistakes| {
        let each = mistakes.0.iter().map(|mistake| {
            FieldError::new("/blueprint_text", "bad_blueprint", mistake.to_string())
        });
        each.collect::<Vec<_>>()
    })?;
    Ok((text, Arc::new(parsed)))
}
