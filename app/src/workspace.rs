//! Workspaces: create, list.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::member::{Member, MemberAccess};
use hallpass_domain::name::Name;
use hallpass_domain::profile::Profile;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::slug::Slug;
use hallpass_domain::workspace::Workspace;
use hallpass_engine::Blueprint;
use hallpass_store::{Tx, WorkspaceTx};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::account::confirmation::check_confirmed;
use crate::app::App;
use crate::blueprint::{BlueprintSource, ParsedBlueprint, check_may_bring, parse_apart};
use crate::boxed;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::operation::Operator;
use crate::principal::Principal;

pub mod blueprint;
pub mod deletion;
pub mod membership;
pub mod operator;
pub mod restoration;

/// A request to create a workspace.
#[derive(Clone, Debug, Default)]
pub struct NewWorkspace {
    /// The name.
    pub name: String,
    /// The name in URLs.
    pub slug: String,
    /// The id of a shipped blueprint; none for the default.
    pub blueprint: Option<String>,
    /// The text of a blueprint of one's own.
    pub blueprint_text: Option<String>,
}

/// Who creates a workspace.
#[derive(Clone, Copy)]
enum Creator<'a> {
    /// The account that will hold the top role.
    Founder(&'a Principal),
    /// The operator, for that account.
    Operator(&'a Operator),
}

/// A valid request to create a workspace.
struct ValidWorkspace {
    name: Name,
    slug: Slug,
    model: ParsedBlueprint,
}

/// The workspace of a context, as a whole.
pub struct CurrentWorkspace<'c>(pub(crate) &'c mut WorkspaceContext);

/// Workspaces, from outside.
pub struct Workspaces<'a>(pub(crate) &'a App);

impl Workspaces<'_> {
    /// Creates a workspace. The founder holds its top role, and is its billing contact where the access
    /// model has one (HARMONIA-02, HALO-025, HALO-026). `NotSelfServe` where the access model reserves
    /// it for the operator and the account already has a workspace (HARMONY-15, HARMONY-16).
    #[boxed]
    pub async fn create(
        &self,
        principal: &Principal,
        new: &NewWorkspace,
    ) -> Result<Workspace, Error> {
        let valid = validate(self.0, new).await?;
        let mut tx = self.0.db().write().await?;
        let account = tx.accounts().find_for_update(principal.holder()?).await?;
        let account = account.ok_or(Error::NotSignedIn)?;
        check_may_bring(self.0, valid.model.is_own(), account.is_operator)?;
        let is_reserved = self.is_reserved(&valid.model.blueprint);
        if is_reserved && !tx.accounts().list_workspaces(account.id).await?.is_empty() {
            let contact = self.0.rules().operator_contact.clone();
            return Err(Refusal::NotSelfServe { what: "create a workspace", contact }.into());
        }
        self.insert(tx, &account, self.0.id(), valid, Creator::Founder(principal)).await
    }

    /// Checks the name and the slug of a new workspace, before its access model is chosen.
    ///
    /// # Errors
    ///
    /// `Fields` for a text that is no name or no slug; `SlugTaken`.
    #[boxed]
    pub async fn check_name(
        &self,
        principal: &Principal,
        name: &str,
        slug: &str,
    ) -> Result<(), Error> {
        principal.holder()?;
        let (_, slug) = parse_name(name, slug).map_err(Refusal::Fields)?;
        let mut tx = self.0.db().read().await?;
        match tx.workspaces().find_id_by_slug(slug.as_str()).await? {
            Some(_) => Err(Refusal::SlugTaken { slug: slug.to_string() }.into()),
            None => Ok(()),
        }
    }

    /// Whether an access model reserves workspaces after the first one of an account for the operator.
    #[must_use]
    pub fn is_reserved(&self, blueprint: &Blueprint) -> bool {
        !blueprint.membership.self_serve.create && !self.0.rules().opens_self_serve
    }

    /// Whether the principal's account has no workspace yet.
    #[boxed]
    pub async fn is_first(&self, principal: &Principal) -> Result<bool, Error> {
        let account = principal.holder()?;
        let mut tx = self.0.db().read().await?;
        Ok(tx.accounts().list_workspaces(account).await?.is_empty())
    }

    /// Creates a workspace as an operator, for an account, whose address is confirmed.
    #[boxed]
    pub async fn create_as(
        &self,
        operator: &Operator,
        email: &Email,
        new: &NewWorkspace,
    ) -> Result<Workspace, Error> {
        let valid = validate(self.0, new).await?;
        check_may_bring(self.0, valid.model.is_own(), true)?;
        let mut tx = self.0.db().write().await?;
        let no_account = || Error::Missing { noun: "account" };
        let account = tx.accounts().find_by_email(email).await?.ok_or_else(no_account)?;
        let account = tx.accounts().find_for_update(account.id).await?;
        let account = account.ok_or_else(no_account)?;
        check_confirmed(&account)?;
        let id: WorkspaceId = self.0.id();
        let detail = json!({
            "workspace": valid.slug.as_str(), "blueprint": valid.model.blueprint.id,
            "for": email.as_str(),
        });
        let operation = self.0.operations().build(operator, "workspace.create", &id, detail);
        tx.operations().insert(&operation).await?;
        self.insert(tx, &account, id, valid, Creator::Operator(operator)).await
    }

    async fn insert(
        &self,
        tx: Tx,
        account: &Account,
        id: WorkspaceId,
        valid: ValidWorkspace,
        creator: Creator<'_>,
    ) -> Result<Workspace, Error> {
        let mut tx = tx;
        let ValidWorkspace { name, slug, model } = valid;
        let ParsedBlueprint { text, blueprint, .. } = model;
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        // Parsed before others wait for the transaction.
        self.0.snapshots().insert_blueprint(&hash, &text, &blueprint);
        let taken = Refusal::SlugTaken { slug: slug.to_string() };
        if tx.workspaces().find_id_by_slug(slug.as_str()).await?.is_some() {
            return Err(taken.into());
        }
        let workspace = Workspace {
            id,
            slug,
            name,
            revision: 1,
            created_at: self.0.now(),
            deleted_at: None,
            settings: Map::new(),
            blueprint_hash: hash,
        };
        let inserted = tx.workspaces().insert(&workspace, (&blueprint.id, &text)).await;
        inserted.map_err(|error| Error::on_conflict(error, taken))?;
        tx.accounts().add_workspace(account.id, workspace.id).await?;
        let mut inside = tx.into_workspace(workspace.id.0).await?.ok_or_else(no_workspace)?;
        let founder = new_top_member(self.0, account, &blueprint);
        let role_by = match creator {
            Creator::Founder(_) => Some(founder.id),
            Creator::Operator(_) => None,
        };
        let founder = Member { role_by, ..founder };
        inside.members().insert(&founder).await?;
        insert_profiles(self.0, &mut inside, &blueprint).await?;
        let actor = Actor::Outside("the founder");
        let mut ctx = match creator {
            Creator::Founder(principal) => {
                let request = principal.request.clone();
                self.0.open_context(inside, actor, request).await?.of_request(principal)
            }
            Creator::Operator(operator) => {
                self.0.open_context(inside, actor, operator.name().to_owned()).await?
            }
        };
        let pass = ctx.admit(Credential::Founding)?;
        ctx.actor = Actor::Member { id: founder.id, name: founder.name() };
        let after = json!({
            "name": workspace.name.as_str(), "slug": workspace.slug.as_str(),
            "blueprint": blueprint.id,
        });
        ctx.record_audit(&pass, "workspace.create", workspace.id, &(), &after).await?;
        ctx.commit(&pass).await?;
        Ok(workspace)
    }
}

/// Makes an account a member with the top role, not stored yet.
fn new_top_member(app: &App, account: &Account, blueprint: &Blueprint) -> Member {
    let top = blueprint.top_role().map(|role| role.key.clone()).unwrap_or_default();
    let contact = blueprint.billing_contact.as_ref();
    let mut access = MemberAccess::new(blueprint, &top);
    access.is_billing_contact = contact.is_some_and(|rules| rules.starts_with_creator);
    app.accounts().new_member(account, access, None)
}

/// Inserts the profiles that the blueprint starts a workspace with.
async fn insert_profiles(
    app: &App,
    tx: &mut WorkspaceTx,
    blueprint: &Blueprint,
) -> Result<(), Error> {
    for template in blueprint.profiles.iter().flat_map(|profiles| &profiles.templates) {
        let name = Name::parse(&template.name)
            .map_err(|why| Error::broken(format!("`{}`: {why}", template.name)))?;
        let profile = Profile {
            id: app.id(),
            template: Some(template.key.clone()),
            name,
            description: template.description.clone(),
            cells: template.cells.clone(),
            version: 1,
        };
        tx.profiles().insert(&profile).await?;
    }
    Ok(())
}

/// Parses the name and the slug of a workspace; with every mistake.
fn parse_name(name: &str, slug: &str) -> Result<(Name, Slug), Vec<FieldError>> {
    let name =
        Name::parse(name).map_err(|why| FieldError::new("/name", "bad_name", why.to_string()));
    let slug =
        Slug::parse(slug).map_err(|why| FieldError::new("/slug", "bad_slug", why.to_string()));
    match (name, slug) {
        (Ok(name), Ok(slug)) => Ok((name, slug)),
        (name, slug) => Err(name.err().into_iter().chain(slug.err()).collect()),
    }
}

async fn validate(app: &App, new: &NewWorkspace) -> Result<ValidWorkspace, Error> {
    let named = parse_name(&new.name, &new.slug);
    let mut errors = named.as_ref().err().cloned().unwrap_or_default();
    let source =
        BlueprintSource { id: new.blueprint.clone(), text: new.blueprint_text.clone() };
    // No workspace has it yet.
    let parsed = parse_apart(app, WorkspaceId(Uuid::nil()), &source).await;
    let blueprint = match parsed {
        Ok(parsed) => Some(parsed),
        Err(Error::Refused(Refusal::Fields(wrong))) => {
            errors.extend(wrong);
            None
        }
        Err(other) => return Err(other),
    };
    match (named, blueprint) {
        (Ok((name, slug)), Some(model)) => Ok(ValidWorkspace { name, slug, model }),
        _ => Err(Refusal::Fields(errors).into()),
    }
}
