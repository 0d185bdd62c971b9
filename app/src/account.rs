//! Accounts: sign up, profile, memberships, email confirmation.

use hallpass_domain::account::{Account, NOTIFICATIONS, check_picture, is_locale};
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, MemberId, WorkspaceId};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_domain::password::{Factors, Password};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::secret::Secret;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_domain::workspace::Workspace;
use hallpass_store::Tx;
use hallpass_store::account::AccountWorkspace;
use hallpass_store::account::link::LinkKind;
use serde_json::{Map, Value};

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

pub mod address;
pub mod confirmation;
pub(crate) mod credential;
pub mod deletion;
pub mod disabling;
mod link;
pub mod operator;
pub mod password;
pub mod setup;
mod trace;

/// How long the link to confirm an address is valid.
const CONFIRMATION: Span = Span::days(7);

/// What is counted when an address signs up, beside the requests for links.
const SIGN_UP: &str = "sign up";

/// How a language is written.
const BAD_LOCALE: &str = "a language is written as `en` or `de-CH`";

/// A request to sign up.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    /// The email address.
    pub email: String,
    /// The password.
    pub password: Secret<String>,
    /// First name.
    pub first_name: String,
    /// Last name, or an empty text.
    pub last_name: String,
    /// The language; without one, English.
    pub locale: Option<String>,
}

/// A change of the principal's own profile; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// A picture, or null to remove it.
    pub picture: Option<Option<String>>,
    /// The language.
    pub locale: Option<String>,
    /// Which notifications to send.
    pub notifications: Map<String, Value>,
}

/// A membership of an account.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The workspace.
    pub workspace: Workspace,
    /// The member.
    pub member: MemberId,
    /// Whether the member is active.
    pub status: Status,
    /// The role, by key or id.
    pub role: String,
    /// The role's name.
    pub role_name: String,
    /// When the account last used the workspace.
    pub visited_at: Option<Timestamp>,
}

/// Accounts of people.
pub struct Accounts<'a>(pub(crate) &'a App);

impl Accounts<'_> {
    /// Creates an account and a session.
    ///
    /// Nothing in the result tells whether the address has an account already. One that has confirmed it
    /// keeps it: the new account cannot confirm it, and the mailbox gets a mail that says so instead of
    /// the link.
    #[boxed]
    pub async fn sign_up(
        &self,
        sign_up: &SignUp,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let account = self.build(sign_up, None, None).await?;
        let mut tx = self.0.db().write().await?;
        let may_mail = self.count_request(&mut tx, SIGN_UP, &account.email, origin).await?;
        let holder = tx.accounts().find_confirmed(&account.email).await?;
        tx.accounts().insert(&account).await?;
        if may_mail {
            match holder {
                Some(holder) => self.mail_account_exists(&mut tx, &account, &holder).await?,
                None => self.mail_link(&mut tx, LinkKind::Confirm, &account).await?,
            }
        }
        let authentications = Authentications::of(Method::Password, self.0.now());
        let token =
            self.0.sessions().start(&mut tx, account.id, authentications, origin).await?;
        tx.commit().await?;
        Ok((account, token))
    }

    /// Builds an account that is not stored yet, perhaps for a workspace of some name. A link that was
    /// mailed to the address confirms it.
    pub(crate) async fn build(
        &self,
        sign_up: &SignUp,
        confirmed_at: Option<Timestamp>,
        workspace: Option<&str>,
    ) -> Result<Account, Error> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, code: &'static str, detail: String| {
            errors.push(FieldError::new(pointer, code, detail));
        };
        let email = Email::parse(&sign_up.email);
        if let Err(why) = &email {
            wrong("/email", "bad_email", why.to_string());
        }
        let first_name = Name::parse(&sign_up.first_name);
        if let Err(why) = &first_name {
            wrong("/first_name", "bad_name", why.to_string());
        }
        let last_name = optional_name(&sign_up.last_name);
        if let Err(why) = &last_name {
            wrong("/last_name", "bad_name", why.to_string());
        }
        let SignUp { email: address, first_name: first, last_name: last, .. } = sign_up;
        let about = [address, first, last, workspace.unwrap_or_default()];
        let password = Password::choose(sign_up.password.expose(), Factors::Password, &about);
        if let Err(why) = &password {
            wrong("/password", "bad_password", why.to_string());
        }
        let locale = sign_up.locale.clone().unwrap_or_else(|| "en".to_owned());
        if !is_locale(&locale) {
            wrong("/locale", "bad_locale", BAD_LOCALE.to_owned());
        }
        let (Ok(email), Ok(first_name), Ok(last_name), Ok(password)) =
            (email, first_name, last_name, password)
        else {
            return Err(Refusal::Fields(errors).into());
        };
        Ok(Account {
            id: self.0.id(),
            email,
            first_name,
            last_name,
            password: Some(Secret::new(
                self.0.hasher().hash(&password, self.0.random()).await?,
            )),
            locale,
            picture: None,
            notifications: Map::new(),
            is_operator: false,
            disabled_at: None,
            confirmed_at,
            created_at: self.0.now(),
            version: 1,
        })
    }

    /// Makes an account a member, not stored yet, whose role was given by no member.
    pub(crate) fn new_member(
        &self,
        account: &Account,
        access: MemberAccess,
        landing: Option<String>,
    ) -> Member {
        let now = self.0.now();
        Member {
            id: self.0.id(),
            account: Some(account.id),
            first_name: account.first_name.to_string(),
            last_name: account.last_name.clone(),
            email: account.email.as_str().to_owned(),
            alias: None,
            status: Status::Active,
            access,
            landing,
            joined_at: now,
            role_since: now,
            role_by: None,
            seen_at: None,
            version: 1,
        }
    }

    /// Loads the principal's account; `NotSignedIn` when it has been deleted.
    #[boxed]
    pub async fn load(&self, principal: &Principal) -> Result<Account, Error> {
        let mut tx = self.0.db().read().await?;
        tx.accounts().find(principal.person()?).await?.ok_or(Error::NotSignedIn)
    }

    /// Lists the memberships of the principal's account, active and inactive, the last used first; for
    /// single sign-on of a workspace, that one.
    #[boxed]
    pub async fn memberships(&self, principal: &Principal) -> Result<Vec<Membership>, Error> {
        // One connection at a time: that of the list is released before the workspaces are entered.
        let places =
            self.0.db().read().await?.accounts().list_workspaces(principal.person()?).await?;
        let mut found = Vec::new();
        for place in places.into_iter().filter(|place| principal.counts_in(place.workspace)) {
            let Some(mut inside) = self.0.db().read_in(place.workspace.0).await? else {
                continue;
            };
            let Some(member) = inside.members().find_by_account(principal.person()?).await?
            else {
                continue;
            };
            if member.status == Status::Removed {
                continue;
            }
            let snapshot =
                self.0.snapshots().load(self.0.computations(), &mut inside, None).await?;
            found.push(Membership {
                workspace: snapshot.workspace.clone(),
                member: member.id,
                status: member.status,
                role_name: snapshot.role_name(&member.access.role),
                role: member.access.role,
                visited_at: place.visited_at,
            });
        }
        found.sort_by_key(|place| std::cmp::Reverse(place.visited_at));
        Ok(found)
    }

    /// Updates the principal's own profile, and the name in every workspace. `Stale` when the account
    /// joins another workspace at the same time.
    #[boxed]
    pub async fn update(
        &self,
        principal: &Principal,
        change: &ProfileChange,
    ) -> Result<Account, Error> {
        let mut tx = self.0.db().write().await?;
        let before =
            tx.accounts().find(principal.holder()?).await?.ok_or(Error::NotSignedIn)?;
        principal.precondition().check(&before.version.to_string())?;
        let after = changed(&before, change)?;
        let is_renamed = after.name() != before.name();
        let places = if is_renamed {
            tx.accounts().list_workspaces(before.id).await?
        } else {
            Vec::new()
        };
        // Locks are taken in one order everywhere: workspaces before the account.
        for place in &places {
            tx = rename_in(tx, place.workspace, &after).await?;
        }
        if !tx.accounts().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        if is_renamed && joined_another(&mut tx, before.id, &places).await? {
            return Err(Refusal::Stale.into());
        }
        tx.commit().await?;
        Ok(Account { version: after.version + 1, ..after })
    }
}

/// Gives the member of an account in a workspace the account's name.
async fn rename_in(tx: Tx, workspace: WorkspaceId, account: &Account) -> Result<Tx, Error> {
    let Some(mut inside) = tx.into_workspace(workspace.0).await? else {
        return Err(workspace_gone());
    };
    let (first, last) = (account.first_name.to_string(), account.last_name.as_str());
    inside.members().update_name(account.id, &first, last).await?;
    Ok(inside.into_tx())
}

/// Returns whether an account has joined a workspace since its places were read, which was before the
/// account was locked.
async fn joined_another(
    tx: &mut Tx,
    account: AccountId,
    places: &[AccountWorkspace],
) -> Result<bool, Error> {
    let known = |id| places.iter().any(|place| place.workspace == id);
    let now = tx.accounts().list_workspaces(account).await?;
    Ok(now.iter().any(|place| !known(place.workspace)))
}

fn workspace_gone() -> Error {
    Error::broken("a workspace was deleted at the same time; try again")
}

/// Applies a change to the profile of an account.
fn changed(account: &Account, change: &ProfileChange) -> Result<Account, Refusal> {
    let mut after = account.clone();
    let mut errors = Vec::new();
    if let Some(text) = &change.first_name {
        match Name::parse(text) {
            Ok(name) => after.first_name = name,
            Err(why) => {
                errors.push(FieldError::new("/first_name", "bad_name", why.to_string()));
            }
        }
    }
    if let Some(text) = &change.last_name {
        match optional_name(text) {
            Ok(name) => after.last_name = name,
            Err(why) => errors.push(FieldError::new("/last_name", "bad_name", why.to_string())),
        }
    }
    if let Some(picture) = &change.picture {
        match picture.as_deref().map(check_picture) {
            None | Some(Ok(())) => after.picture.clone_from(picture),
            Some(Err(why)) => errors.push(FieldError::new("/picture", "bad_picture", why)),
        }
    }
    if let Some(locale) = &change.locale {
        if is_locale(locale) {
            after.locale.clone_from(locale);
        } else {
            errors.push(FieldError::new("/locale", "bad_locale", BAD_LOCALE));
        }
    }
    for (key, on) in &change.notifications {
        let is_known = NOTIFICATIONS.iter().any(|(known, _)| known == key);
        if is_known && on.is_boolean() {
            after.notifications.insert(key.clone(), on.clone());
        } else {
            let known = NOTIFICATIONS.map(|(key, _)| format!("`{key}`")).join(", ");
            let detail = format!("expected true or false for one of {known}");
            let pointer = format!("/notifications/{key}");
            errors.push(FieldError::new(pointer, "bad_notification", detail));
        }
    }
    if errors.is_empty() { Ok(after) } else { Err(Refusal::Fields(errors)) }
}

/// Parses a last name, which may be empty.
fn optional_name(text: &str) -> Result<String, hallpass_domain::name::NameError> {
    if text.trim().is_empty() {
        Ok(String::new())
    } else {
        Name::parse(text).map(Name::into_string)
    }
}
