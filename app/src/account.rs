//! Accounts: signing up, one's own profile, passwords, deletion.

pub mod deletion;
pub mod password;

use hallpass_domain::account::{Account, NOTIFICATIONS, check_picture, is_locale};
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, MemberId, WorkspaceId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::Status;
use hallpass_domain::name::Name;
use hallpass_domain::password::Password;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_domain::workspace::Workspace;
use hallpass_store::Tx;
use hallpass_store::account::AccountWorkspace;
use hallpass_store::account::link::LinkKind;
use serde_json::{Map, Value};

use crate::app::App;
use crate::error::Error;
use crate::principal::Principal;
use crate::secret::Token;
use crate::session::Origin;

/// How long the link to confirm an address is good.
const CONFIRM: Span = Span::days(7);

/// Who signs up.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    /// Their address.
    pub email: String,
    /// The password that they choose.
    pub password: String,
    /// First name.
    pub first_name: String,
    /// Last name, or nothing.
    pub last_name: String,
}

/// What people change about themselves; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// A picture, or none.
    pub picture: Option<Option<String>>,
    /// The language.
    pub locale: Option<String>,
    /// What to be told about, and what not.
    pub notifications: Map<String, Value>,
}

/// A workspace in which an account is.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The workspace.
    pub workspace: Workspace,
    /// The member.
    pub member: MemberId,
    /// Whether the membership counts.
    pub status: Status,
    /// The role, by key or id.
    pub role: String,
    /// The role's name.
    pub role_name: String,
    /// When the account was last there.
    pub visited_at: Option<Timestamp>,
}

impl App {
    /// Signs somebody up, and in.
    ///
    /// # Errors
    ///
    /// `Fields` with what is wrong, `AddressTaken` when there is an account with this address.
    pub async fn sign_up(
        &self,
        ask: &SignUp,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let account = self.new_account(ask, None).await?;
        let mut tx = self.db().write().await?;
        if tx.accounts().find_by_email(&account.email).await?.is_some() {
            return Err(Refusal::AddressTaken.into());
        }
        let added = tx.accounts().insert(&account).await;
        added.map_err(|error| Error::on_conflict(error, Refusal::AddressTaken))?;
        let link = Token::new(self.random());
        let until = self.now() + CONFIRM;
        tx.links().replace(LinkKind::Confirm, account.id, &link.hash(), until).await?;
        let mail_template = MailTemplate::ConfirmAddress {
            first_name: account.first_name.to_string(),
            token: link.expose().to_owned(),
        };
        self.post(&mut tx, &account.email, mail_template, None).await?;
        let token = self.open_session(&mut tx, account.id, origin).await?;
        tx.commit().await?;
        Ok((account, token))
    }

    /// An account from what somebody says of themselves, not yet kept. Whoever proves the address
    /// by a mail has it confirmed.
    pub(crate) async fn new_account(
        &self,
        ask: &SignUp,
        proven: Option<Timestamp>,
    ) -> Result<Account, Error> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, code: &'static str, detail: String| {
            errors.push(FieldError::new(pointer, code, detail));
        };
        let email = Email::parse(&ask.email);
        if let Err(why) = &email {
            wrong("/email", "bad_email", why.to_string());
        }
        let first_name = Name::parse(&ask.first_name);
        if let Err(why) = &first_name {
            wrong("/first_name", "bad_name", why.to_string());
        }
        let last_name = optional_name(&ask.last_name);
        if let Err(why) = &last_name {
            wrong("/last_name", "bad_name", why.to_string());
        }
        let about = [ask.email.as_str(), ask.first_name.as_str(), ask.last_name.as_str()];
        let password = Password::choose(&ask.password, &about);
        if let Err(why) = &password {
            wrong("/password", "bad_password", why.to_string());
        }
        let (Ok(email), Ok(first_name), Ok(last_name), Ok(password)) =
            (email, first_name, last_name, password)
        else {
            return Err(Refusal::Fields(errors).into());
        };
        Ok(Account {
            id: self.id(),
            email,
            first_name,
            last_name,
            password: Some(self.hasher().hash(&password, self.random()).await?),
            locale: "en".to_owned(),
            picture: None,
            notifications: Map::new(),
            confirmed_at: proven,
            created_at: self.now(),
            version: 1,
        })
    }

    /// The caller's own account.
    ///
    /// # Errors
    ///
    /// `NotSignedIn` when it was deleted.
    pub async fn account(&self, principal: &Principal) -> Result<Account, Error> {
        let mut tx = self.db().read().await?;
        tx.accounts().find(principal.person()?).await?.ok_or(Error::NotSignedIn)
    }

    /// The workspaces in which the caller is, active or inactive, the last visited first.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn memberships(&self, principal: &Principal) -> Result<Vec<Membership>, Error> {
        // One connection at a time: the list is given back before the workspaces are entered.
        let places =
            self.db().read().await?.accounts().list_workspaces(principal.person()?).await?;
        let mut found = Vec::new();
        for place in places {
            let Some(mut inside) = self.db().read_in(place.workspace.0).await? else {
                continue;
            };
            let Some(member) = inside.members().find_by_account(principal.person()?).await?
            else {
                continue;
            };
            if member.status == Status::Removed {
                continue;
            }
            let snapshot = self.snapshots().load(&mut inside).await?;
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

    /// Changes the caller's own profile, here and where they are a member.
    ///
    /// # Errors
    ///
    /// `Fields` with what is wrong.
    pub async fn change_profile(
        &self,
        principal: &Principal,
        change: &ProfileChange,
    ) -> Result<Account, Error> {
        let mut tx = self.db().write().await?;
        let before =
            tx.accounts().find(principal.person()?).await?.ok_or(Error::NotSignedIn)?;
        let after = changed(&before, change)?;
        let is_renamed = after.name() != before.name();
        let places = if is_renamed {
            tx.accounts().list_workspaces(before.id).await?
        } else {
            Vec::new()
        };
        // Workspaces before the account, as everybody holds them who holds both.
        for place in &places {
            tx = rename_in(tx, place.workspace, &after).await?;
        }
        if !tx.accounts().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        if is_renamed && came_in_elsewhere(&mut tx, before.id, &places).await? {
            return Err(Refusal::Stale.into());
        }
        tx.commit().await?;
        Ok(Account { version: after.version + 1, ..after })
    }

    /// Confirms an address by a link.
    ///
    /// # Errors
    ///
    /// `DeadLink`.
    pub async fn confirm_address(&self, link: &Token) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        let taken = tx.links().consume(LinkKind::Confirm, &link.hash(), self.now()).await?;
        let id = taken.ok_or(Error::Refused(Refusal::DeadLink))?;
        let account = tx.accounts().find(id).await?.ok_or(Error::Refused(Refusal::DeadLink))?;
        tx.accounts().update(&Account { confirmed_at: Some(self.now()), ..account }).await?;
        Ok(tx.commit().await?)
    }
}

/// Gives the member that an account is in a workspace the account's name.
async fn rename_in(tx: Tx, workspace: WorkspaceId, account: &Account) -> Result<Tx, Error> {
    let Some(mut inside) = tx.into_workspace(workspace.0).await? else {
        return Err(gone_meanwhile());
    };
    let (first, last) = (account.first_name.to_string(), account.last_name.as_str());
    inside.members().update_name(account.id, &first, last).await?;
    Ok(inside.into_tx())
}

/// Whether an account has come into a workspace that is none of some places, which were read before
/// the account was held.
async fn came_in_elsewhere(
    tx: &mut Tx,
    account: AccountId,
    places: &[AccountWorkspace],
) -> Result<bool, Error> {
    let known = |id| places.iter().any(|place| place.workspace == id);
    let now = tx.accounts().list_workspaces(account).await?;
    Ok(now.iter().any(|place| !known(place.workspace)))
}

fn gone_meanwhile() -> Error {
    Error::broken("a workspace was deleted meanwhile: try again")
}

/// An account after a change of its profile.
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
            let detail = "a language is written as `en` or `de-CH`";
            errors.push(FieldError::new("/locale", "bad_locale", detail));
        }
    }
    for (key, on) in &change.notifications {
        let is_known = NOTIFICATIONS.iter().any(|(known, _)| known == key);
        if is_known && on.is_boolean() {
            after.notifications.insert(key.clone(), on.clone());
        } else {
            let known = NOTIFICATIONS.map(|(key, _)| format!("`{key}`")).join(", ");
            let detail = format!("true or false for one of {known}");
            let pointer = format!("/notifications/{key}");
            errors.push(FieldError::new(pointer, "bad_notification", detail));
        }
    }
    if errors.is_empty() { Ok(after) } else { Err(Refusal::Fields(errors)) }
}

/// A last name, or nothing.
fn optional_name(text: &str) -> Result<String, hallpass_domain::name::BadName> {
    if text.trim().is_empty() {
        Ok(String::new())
    } else {
        Name::parse(text).map(Name::into_string)
    }
}
