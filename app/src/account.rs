//! Accounts: signing up, one's own profile, passwords, deletion.

use hallpass_domain::account::{Account, NOTIFICATIONS, check_picture, is_locale};
use hallpass_domain::email::Email;
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::letter::Letter;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{Deed, Giver};
use hallpass_domain::name::Name;
use hallpass_domain::password::Password;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_domain::workspace::Workspace;
use hallpass_engine::Change;
use hallpass_store::Tx;
use hallpass_store::account::link::Kind;
use serde_json::{Map, Value, json};

use crate::caller::Caller;
use crate::error::Error;
use crate::house::House;
use crate::secret::Token;
use crate::session::Origin;
use crate::visit::Me;

/// How long the link to confirm an address is good.
const CONFIRM: Span = Span::days(7);

/// How long the link to set a new password is good.
const RESET: Span = Span::hours(1);

/// How many such links are sent to an address before they rest for as long as one is good.
const MOST_RESETS: i64 = 5;

/// The word that deletes an account (HARMONY-57).
pub const DELETE: &str = "DELETE";

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

impl House {
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
        if tx.accounts().by_email(&account.email).await?.is_some() {
            return Err(Refusal::AddressTaken.into());
        }
        tx.accounts().add(&account).await?;
        let link = Token::new(self.chance());
        let until = self.now() + CONFIRM;
        tx.links().renew(Kind::Confirm, account.id, &link.hash(), until).await?;
        let letter = Letter::ConfirmAddress {
            first_name: account.first_name.to_string(),
            token: link.expose().to_owned(),
        };
        self.post(&mut tx, &account.email, letter, None).await?;
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
            password: Some(self.hasher().hash(&password, self.chance()).await?),
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
    pub async fn account(&self, caller: &Caller) -> Result<Account, Error> {
        let mut tx = self.db().read().await?;
        tx.accounts().find(caller.account).await?.ok_or(Error::NotSignedIn)
    }

    /// The workspaces in which the caller is, active or inactive, the last visited first.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn memberships(&self, caller: &Caller) -> Result<Vec<Membership>, Error> {
        // One connection at a time: the list is given back before the workspaces are entered.
        let places = self.db().read().await?.accounts().places(caller.account).await?;
        let mut found = Vec::new();
        for place in places {
            let Some(mut inside) = self.db().read_in(place.workspace.0).await? else {
                continue;
            };
            let Some(member) = inside.members().by_account(caller.account).await? else {
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
                role_name: snapshot.role_name(&member.seat.role),
                role: member.seat.role,
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
        caller: &Caller,
        change: &ProfileChange,
    ) -> Result<Account, Error> {
        let mut tx = self.db().write().await?;
        let before = tx.accounts().find(caller.account).await?.ok_or(Error::NotSignedIn)?;
        let after = changed(&before, change)?;
        if !tx.accounts().save(&after).await? {
            return Err(Refusal::Stale.into());
        }
        if after.name() != before.name() {
            let (first, last) = (after.first_name.to_string(), after.last_name.clone());
            for place in tx.accounts().places(caller.account).await? {
                tx = self.rename_in(tx, place.workspace, caller, &first, &last).await?;
            }
        }
        tx.commit().await?;
        Ok(Account { version: after.version + 1, ..after })
    }

    async fn rename_in(
        &self,
        tx: Tx,
        workspace: WorkspaceId,
        caller: &Caller,
        first_name: &str,
        last_name: &str,
    ) -> Result<Tx, Error> {
        match tx.enter(workspace.0).await? {
            Some(mut inside) => {
                inside.members().rename(caller.account, first_name, last_name).await?;
                Ok(inside.leave())
            }
            None => Err(gone_meanwhile()),
        }
    }

    /// Changes the caller's own password; every other session ends.
    ///
    /// # Errors
    ///
    /// `WrongPassword` when the present one is another, `Fields` when the new one may not be.
    pub async fn change_password(
        &self,
        caller: &Caller,
        present: &str,
        new: &str,
    ) -> Result<(), Error> {
        let account = self.account(caller).await?;
        let present = Password::typed(present);
        if !self.hasher().verify(&present, account.password.as_deref()).await? {
            return Err(Refusal::WrongPassword.into());
        }
        let account = self.with_password(account, new, "/new").await?;
        let mut tx = self.db().write().await?;
        if !tx.accounts().save(&account).await? {
            return Err(Refusal::Stale.into());
        }
        tx.sessions().end_all(caller.account, Some(caller.session)).await?;
        tx.links().forget(Kind::Reset, caller.account).await?;
        self.tell_password_changed(&mut tx, &account).await?;
        Ok(tx.commit().await?)
    }

    /// Sends a link to set a new password, if there is such an account; the answer never tells.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn ask_for_reset(&self, email: &str) -> Result<(), Error> {
        let Ok(email) = Email::parse(email) else { return Ok(()) };
        let mut tx = self.db().write().await?;
        // Written down whether there is an account or not, so that neither the time that it takes
        // tells, nor anybody's mailbox is filled.
        let subject = format!("reset {}", email.key());
        let asked = tx.attempts().failures(&subject).await?;
        let is_rested = self.now() - asked.last_at >= RESET;
        if is_rested {
            tx.attempts().forget(&subject).await?;
        }
        tx.attempts().fail(&subject, self.now()).await?;
        let found = tx.accounts().by_email(&email).await?;
        let found = found.filter(|_| is_rested || asked.count < MOST_RESETS);
        let Some(account) = found else { return Ok(tx.commit().await?) };
        let link = Token::new(self.chance());
        tx.links().renew(Kind::Reset, account.id, &link.hash(), self.now() + RESET).await?;
        let letter = Letter::PasswordReset {
            first_name: account.first_name.to_string(),
            token: link.expose().to_owned(),
        };
        self.post(&mut tx, &account.email, letter, None).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a new password by a link; every session ends.
    ///
    /// # Errors
    ///
    /// `DeadLink`, and `Fields` when the password may not be; then the link stays good.
    pub async fn reset_password(&self, link: &Token, new: &str) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        let taken = tx.links().take(Kind::Reset, &link.hash(), self.now()).await?;
        let id = taken.ok_or(Error::Refused(Refusal::DeadLink))?;
        let account = tx.accounts().find(id).await?.ok_or(Error::Refused(Refusal::DeadLink))?;
        let mut account = self.with_password(account, new, "/password").await?;
        account.confirmed_at = account.confirmed_at.or(Some(self.now()));
        if !tx.accounts().save(&account).await? {
            return Err(Refusal::Stale.into());
        }
        tx.sessions().end_all(id, None).await?;
        self.tell_password_changed(&mut tx, &account).await?;
        Ok(tx.commit().await?)
    }

    /// Confirms an address by a link.
    ///
    /// # Errors
    ///
    /// `DeadLink`.
    pub async fn confirm_address(&self, link: &Token) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        let taken = tx.links().take(Kind::Confirm, &link.hash(), self.now()).await?;
        let id = taken.ok_or(Error::Refused(Refusal::DeadLink))?;
        let account = tx.accounts().find(id).await?.ok_or(Error::Refused(Refusal::DeadLink))?;
        tx.accounts().save(&Account { confirmed_at: Some(self.now()), ..account }).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes the caller's own account: it signs in no more, and its memberships end. Workspaces
    /// and what was owned in them stay (HARMONY-51, HARMONY-52, HARMONY-58).
    ///
    /// # Errors
    ///
    /// `NotConfirmed` without the exact word; `LastTopRole` with every workspace whose only active
    /// holder of the top role the caller is (HARMONY-53, HARMONY-54); `BillingContactStays` likewise.
    pub async fn delete_account(&self, caller: &Caller, confirm: &str) -> Result<(), Error> {
        if confirm != DELETE {
            return Err(Refusal::NotConfirmed { word: DELETE.to_owned() }.into());
        }
        let mut tx = self.db().write().await?;
        let account = tx.accounts().find(caller.account).await?.ok_or(Error::NotSignedIn)?;
        let (mut last_in, mut contact_of, mut role) = (Vec::new(), Vec::new(), String::new());
        let mut kept = Vec::new();
        for place in tx.accounts().places(caller.account).await? {
            let inside = tx.enter(place.workspace.0).await?.ok_or_else(gone_meanwhile)?;
            let me = Me::House;
            let mut visit = self.begin_as(inside, me, caller.request.clone()).await?;
            match visit.end_membership(caller, &account).await {
                Ok(()) => {}
                Err(Error::Refused(Refusal::LastTopRole { role: name, workspaces })) => {
                    role = name;
                    last_in.extend(workspaces);
                }
                Err(Error::Refused(Refusal::BillingContactStays { workspaces })) => {
                    contact_of.extend(workspaces);
                }
                Err(error) => return Err(error),
            }
            let (next, snapshot) = visit.hand_back().await?;
            tx = next;
            kept.extend(snapshot);
        }
        if !last_in.is_empty() {
            return Err(Refusal::LastTopRole { role, workspaces: last_in }.into());
        }
        if !contact_of.is_empty() {
            return Err(Refusal::BillingContactStays { workspaces: contact_of }.into());
        }
        tx.accounts().delete(caller.account, self.now()).await?;
        tx.sessions().end_all(caller.account, None).await?;
        tx.commit().await?;
        for (workspace, snapshot) in kept {
            self.snapshots().keep(workspace, &snapshot);
        }
        Ok(())
    }

    async fn with_password(
        &self,
        account: Account,
        new: &str,
        pointer: &str,
    ) -> Result<Account, Error> {
        let about =
            [account.email.as_str(), account.first_name.as_str(), account.last_name.as_str()];
        let password = Password::choose(new, &about)
            .map_err(|why| Refusal::field(pointer, "bad_password", why.to_string()))?;
        let hash = self.hasher().hash(&password, self.chance()).await?;
        Ok(Account { password: Some(hash), ..account })
    }

    async fn tell_password_changed(&self, tx: &mut Tx, account: &Account) -> Result<(), Error> {
        let letter = Letter::PasswordChanged { first_name: account.first_name.to_string() };
        self.post(tx, &account.email, letter, None).await
    }
}

fn gone_meanwhile() -> Error {
    Error::broken("a workspace was deleted meanwhile: try again")
}

impl crate::visit::Visit {
    /// Ends the membership of an account that is being deleted.
    async fn end_membership(
        &mut self,
        caller: &Caller,
        account: &Account,
    ) -> Result<(), Error> {
        let Some(member) = self.tx()?.members().by_account(account.id).await? else {
            return Ok(());
        };
        if member.status == Status::Removed {
            return Ok(());
        }
        self.me = Me::Member { id: member.id, name: member.name() };
        let gone = Change::RemoveMember(member.id.to_string());
        self.alter_for(Giver::Member(member.id), Deed::DeleteAccount, &[gone])?;
        self.take_out(&member).await?;
        let workspace = self.workspace();
        self.tx()?.global().accounts().leave(caller.account, workspace).await?;
        let before = json!({"status": member.status.word(), "role": member.seat.role});
        self.note("account.delete", member.id, &before, &json!({"status": "removed"})).await
    }

    /// Writes down that a member is gone, and that nobody is assigned to them any more.
    pub(crate) async fn take_out(&mut self, member: &Member) -> Result<(), Error> {
        let gone = Member {
            status: Status::Removed,
            seat: hallpass_domain::member::Seat {
                is_billing_contact: false,
                teams: Vec::new(),
                department: None,
                manager: None,
                ..member.seat.clone()
            },
            ..member.clone()
        };
        if !self.tx()?.members().save(&gone).await? {
            return Err(Refusal::Stale.into());
        }
        self.tx()?.members().release(member.id).await?;
        Ok(())
    }
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
