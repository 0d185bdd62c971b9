//! A person arrives from an identity provider: who they are here, and how they enter.
//!
//! **Invariant:** what is decided by `hallpass_domain::connection::arrival` is decided in the
//! transaction that acts on it.

use hallpass_domain::account::Account;
use hallpass_domain::connection::Connection;
use hallpass_domain::connection::arrival::{Arrival, Facts, Membership, Turned, decide};
use hallpass_domain::connection::group::Assignment;
use hallpass_domain::email::Email;
use hallpass_domain::id::AccountId;
use hallpass_domain::invitation::Invitation;
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::time::Timestamp;
use hallpass_engine::Change;
use hallpass_store::identity::IdentityKey;
use serde_json::{Map, Value, json};
use tracing::info;

use super::group::{ArrivingGroups, end_membership};
use super::purpose::{Return, missing};
use crate::app::App;
use crate::billing::check_entitlement_of;
use crate::connection::ENTITLEMENT;
use crate::connection::address::ConnectionRef;
use crate::connection::group::lets_all_join;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::Credential;
use crate::identity::Person;
use crate::invitation::acceptance::join_by_invitation;
use crate::member::audit_view;
use crate::secret::Token;

/// The actor until the member is known.
const ARRIVING: Actor = Actor::Outside("single sign-on");

/// What is known about a person, and the accounts that it is about.
pub(super) struct Found {
    pub(super) facts: Facts,
    /// The account that the person is connected to.
    pub(super) account: Option<Account>,
    /// The address that the provider speaks for.
    pub(super) address: Option<Email>,
    pub(super) invitation: Option<Invitation>,
    /// What their groups give, where the connection has a mapping.
    pub(super) groups: Option<ArrivingGroups>,
}

/// Lets a person enter, in a new session that is good for this workspace.
pub(super) async fn enter(
    app: &App,
    of: ConnectionRef,
    person: &Person,
    back: &Return<'_>,
) -> Result<Token, Error> {
    let (mut ctx, pass) = open(app, of, back.request).await?;
    let connection = ctx.read(&pass)?.connections().find(of.connection).await?;
    let connection = connection.filter(|found| found.is_on).ok_or_else(missing)?;
    check_entitlement_of(&mut ctx, &pass, ENTITLEMENT).await?;
    let mut found = find(&mut ctx, &pass, (of, &connection), person).await?;
    let key = key(of, person);
    let arrival = match decide(&found.facts) {
        Ok(arrival) => arrival,
        Err(turned) => {
            info!(connection.id = %of.connection, "turned a person away at {}: {}", of.connection, turned.word());
            let account = found.account.map(|account| account.id);
            return Err(turn_away((ctx, pass), account, turned).await);
        }
    };
    let account = match (&arrival, found.account) {
        (Arrival::Member(_) | Arrival::Invited(_) | Arrival::SignsUp(_), Some(account)) => {
            let mut accounts = ctx.tx(&pass)?.global().accounts();
            accounts.find_for_update(account.id).await?.ok_or(Refusal::SignOnFailed)?
        }
        (Arrival::NewInvited | Arrival::NewSignsUp, None) => {
            let address = found.address.ok_or(Refusal::SignOnFailed)?;
            create(&mut ctx, &pass, address, person).await?
        }
        _ => return Err(Error::broken("an arrival without its account")),
    };
    // A claim that ended may have been a member.
    let member = ctx.read(&pass)?.members().find_by_account(account.id).await?;
    let is_member = member.is_some_and(|member| member.status != Status::Removed);
    match (arrival, found.invitation) {
        (Arrival::NewInvited | Arrival::NewSignsUp, _) if is_member => {
            return Err(Refusal::SignOnTurned(Turned::MustConnect).into());
        }
        (Arrival::Member(_), _) => {
            ctx.tx(&pass)?.identities().update_seen_at(key, app.now()).await?;
        }
        (Arrival::Invited(_) | Arrival::NewInvited, Some(invitation)) => {
            join_by_invitation(&mut ctx, &pass, invitation, &account).await?;
        }
        (Arrival::SignsUp(_) | Arrival::NewSignsUp, _) => {
            sign_up(&mut ctx, &pass, &account, found.groups.as_mut()).await?;
        }
        (Arrival::Invited(_) | Arrival::NewInvited, None) => {
            return Err(Error::broken("an arrival without its invitation"));
        }
    }
    if found.facts.connected.is_none() {
        ctx.tx(&pass)?.identities().connect(key, account.id, app.now()).await?;
        let view = identity_view(of, person, account.id);
        let subject = of.connection.to_string();
        ctx.record_audit(&pass, "identity.connect", subject, &(), &view).await?;
    }
    settle((&mut ctx, &pass), &connection, (key, person), (account.id, found.groups)).await?;
    let token = begin_session(&mut ctx, &pass, of, person, (account.id, back)).await?;
    ctx.commit(&pass).await?;
    Ok(token)
}

/// Refuses a person. Whom their groups no longer let in is a member no more.
pub(super) async fn turn_away(
    (mut ctx, pass): (WorkspaceContext, Pass<Credential>),
    account: Option<AccountId>,
    turned: Turned,
) -> Error {
    let ended = async {
        if let (Turned::GroupsGone, Some(account)) = (turned, account) {
            ctx.actor = ARRIVING;
            end_membership(&mut ctx, &pass, account).await?;
            ctx.commit(&pass).await?;
        }
        Ok(())
    };
    ended.await.err().unwrap_or_else(|| Refusal::SignOnTurned(turned).into())
}

/// Gives a member what their groups give, as an act of the provider, and records the groups that it has
/// sent.
pub(super) async fn settle(
    (ctx, pass): (&mut WorkspaceContext, &Pass<Credential>),
    connection: &Connection,
    (key, person): (IdentityKey<'_>, &Person),
    (account, groups): (AccountId, Option<ArrivingGroups>),
) -> Result<(), Error> {
    let given = match groups {
        Some(groups) => {
            let actor = std::mem::replace(&mut ctx.actor, ARRIVING);
            let given = groups.settle(ctx, pass, account).await;
            ctx.actor = actor;
            given?
        }
        None => Assignment::default(),
    };
    let groups = person.groups(&connection.groups.claim);
    Ok(ctx.tx(pass)?.identities().save_groups(key, groups, &given).await?)
}

/// What would happen to a person, in a word, and what their groups give them.
pub(super) async fn foresee(
    app: &App,
    of: ConnectionRef,
    person: &Person,
) -> Result<(&'static str, Option<Assignment>), Error> {
    let tx = app.db().read_in(of.workspace.0).await?.ok_or_else(missing)?;
    let mut ctx = app.open_context(tx, ARRIVING, String::new()).await?;
    let pass = ctx.admit(Credential::Identity)?;
    let connection = ctx.read(&pass)?.connections().find(of.connection).await?;
    let connection = connection.ok_or_else(missing)?;
    let found = find(&mut ctx, &pass, (of, &connection), person).await?;
    let word = decide(&found.facts).map_or_else(Turned::word, Arrival::word);
    Ok((word, found.groups.map(ArrivingGroups::into_assignment)))
}

pub(super) async fn open(
    app: &App,
    of: ConnectionRef,
    request: &str,
) -> Result<(WorkspaceContext, Pass<Credential>), Error> {
    let tx = app.write_in(of.workspace).await?.ok_or_else(missing)?;
    let ctx = app.open_context(tx, ARRIVING, request.to_owned()).await?;
    let pass = ctx.admit(Credential::Identity)?;
    Ok((ctx, pass))
}

pub(super) fn key(of: ConnectionRef, person: &Person) -> IdentityKey<'_> {
    IdentityKey { connection: of.connection, issuer: &person.issuer, subject: &person.subject }
}

/// Finds out what the decision needs.
pub(super) async fn find(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Credential>,
    (of, connection): (ConnectionRef, &Connection),
    person: &Person,
) -> Result<Found, Error> {
    let connected = ctx.read(pass)?.identities().find(key(of, person)).await?;
    let account = match connected {
        Some(id) => ctx.read(pass)?.global().accounts().find(id).await?,
        None => None,
    };
    let address = match person.address() {
        Some(email) if speaks_for(ctx, pass, person, &email).await? => Some(email),
        _ => None,
    };
    // An account that never confirmed the address is not the person's.
    let confirmed = match &address {
        Some(email) => ctx.read(pass)?.global().accounts().find_confirmed(email).await?,
        None => None,
    };
    let member = match &account {
        Some(account) => ctx.read(pass)?.members().find_by_account(account.id).await?,
        None => None,
    };
    let membership = member.as_ref().map(|member| match member.status {
        Status::Active => Membership::Active,
        Status::Inactive => Membership::Inactive,
        Status::Removed => Membership::Removed,
    });
    // The invitation is to the address of the account, which its person has confirmed.
    let invited = match &account {
        Some(account) => account.confirmed_at.is_some().then(|| account.email.clone()),
        None => address.clone(),
    };
    let invitation = match &invited {
        Some(email) => ctx.read(pass)?.invitations().find_pending(email).await?,
        None => None,
    };
    let invitation = invitation.filter(|invitation| !invitation.is_expired(ctx.now));
    let groups = ArrivingGroups::find(ctx, pass, connection, (key(of, person), person)).await?;
    let may_sign_up = may_sign_up(ctx, invited.as_ref(), groups.as_ref());
    let has_way_in = membership.is_some() || invitation.is_some() || may_sign_up;
    let ends =
        |groups: &ArrivingGroups| member.as_ref().is_some_and(|member| groups.is_ended(member));
    let facts = Facts {
        connected: account.as_ref().map(|account| account.id),
        is_disabled: account.as_ref().is_some_and(|account| account.disabled_at.is_some()),
        speaks_for_address: address.is_some(),
        address_has_account: confirmed.is_some(),
        membership,
        is_invited: invitation.is_some(),
        may_sign_up,
        lacks_groups: person.has_more_groups
            && groups.as_ref().is_some_and(|groups| groups.has_given() || !has_way_in),
        is_ended_by_groups: groups.as_ref().is_some_and(ends),
    };
    Ok(Found { facts, account, address, invitation, groups })
}

/// Whether the provider may speak for an address here: it does not deny that it has verified it, and
/// the workspace has proven its domain, or Google guarantees that it is the organisation's.
async fn speaks_for(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Credential>,
    person: &Person,
    email: &Email,
) -> Result<bool, Error> {
    if !person.email_verified {
        return Ok(false);
    }
    if person.hosted_domain.as_deref() == Some(email.domain()) {
        return Ok(true);
    }
    let domain = ctx.read(pass)?.proven_domains().find(email.domain()).await?;
    Ok(domain.is_some_and(|domain| domain.proven.is_some()))
}

/// Whether a person may join without an invitation: the workspace lets all, and the access model has a
/// role for them, or their groups give them one.
fn may_sign_up(
    ctx: &WorkspaceContext,
    address: Option<&Email>,
    groups: Option<&ArrivingGroups>,
) -> bool {
    let may_all = lets_all_join(ctx)
        && ctx.model().blueprint().membership.invitation.start_role.is_some();
    (may_all || groups.is_some_and(ArrivingGroups::give_role))
        && address.is_some_and(|address| ctx.admits(address))
}

/// Creates the account of a person whose address the provider speaks for. Accounts that claim the
/// address and never confirmed it end.
async fn create(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Credential>,
    email: Email,
    person: &Person,
) -> Result<Account, Error> {
    let app = ctx.app.clone();
    let (first_name, last_name) = names(person, &email)?;
    let account = Account {
        id: ctx.id(),
        email,
        first_name,
        last_name,
        password: None,
        locale: "en".to_owned(),
        picture: None,
        notifications: Map::new(),
        is_operator: false,
        disabled_at: None,
        confirmed_at: Some(ctx.now),
        created_at: ctx.now,
        version: 1,
    };
    app.accounts().insert_confirmed(ctx.tx(pass)?.global(), &account).await?;
    Ok(account)
}

/// First and last name; of the address where the provider gives no name that can be one.
fn names(person: &Person, email: &Email) -> Result<(Name, String), Refusal> {
    let local = email.as_str().split('@').next().unwrap_or_default();
    let full = person.name.as_deref().and_then(|name| Name::parse(name).ok());
    let full = full.map(Name::into_string).unwrap_or_default();
    let (first, last) = full.rsplit_once(' ').unwrap_or((&full, ""));
    let first = Name::parse(first).or_else(|_| Name::parse(local));
    let first = first.map_err(|_| Refusal::SignOnFailed)?;
    Ok((first, last.to_owned()))
}

/// Makes an account a member, with the role that their groups give, or else the one that the access
/// model has for people who join by themselves.
async fn sign_up(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Credential>,
    account: &Account,
    groups: Option<&mut ArrivingGroups>,
) -> Result<(), Error> {
    let by_groups = groups.and_then(ArrivingGroups::join);
    let blueprint = ctx.model().blueprint();
    let (role, grantor) = match by_groups {
        Some((role, author)) => (Some(role), Grantor::Member(author)),
        None => (blueprint.membership.invitation.start_role.clone(), Grantor::Operator),
    };
    let role = role.ok_or(Refusal::SignOnFailed)?;
    let access = MemberAccess::new(blueprint, &role);
    let member = ctx.app.accounts().new_member(account, access, None);
    let role_by = match grantor {
        Grantor::Member(author) => Some(author),
        Grantor::Operator => None,
    };
    let member = Member { role_by, ..member };
    ctx.actor = Actor::Member { id: member.id, name: member.name() };
    let joins = Change::PutMember(member.to_engine());
    ctx.apply_for(grantor, ChangeKind::Join, &[joins])?;
    ctx.tx(pass)?.members().insert(&member).await?;
    let workspace = ctx.workspace_id();
    ctx.tx(pass)?.global().accounts().add_workspace(account.id, workspace).await?;
    let view = audit_view(&member);
    ctx.record_audit(pass, "member.create", member.id, &(), &view).await
}

/// Starts a session that is good for this workspace, and notes it for logout at the provider.
pub(super) async fn begin_session(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Credential>,
    of: ConnectionRef,
    person: &Person,
    (account, back): (AccountId, &Return<'_>),
) -> Result<Token, Error> {
    let app = ctx.app.clone();
    let method = Method::SingleSignOn {
        workspace: of.workspace,
        connection: of.connection,
        has_second_factor: person.has_second_factor,
        authenticated_at: person.authenticated_at.map(Timestamp::from_micros),
    };
    let tx = ctx.tx(pass)?.global();
    let own = back.principal.filter(|known| known.person().is_ok_and(|known| known == account));
    // Who is signed in to this account in another way keeps the session.
    let token = match own {
        Some(principal) => app.sessions().elevate(tx, principal, method).await?,
        None => {
            let authentications = Authentications::of(method, app.now());
            app.sessions().start(tx, account, authentications, back.origin).await?
        }
    };
    let session = tx.sessions().find(&token.hash()).await?;
    let session = session.ok_or(Refusal::SignOnFailed)?;
    let provider = (person.subject.as_str(), person.session.as_deref());
    let whose = (of.connection, account);
    ctx.tx(pass)?.identities().insert_session(session.id, whose, provider, app.now()).await?;
    Ok(token)
}

/// An identity in the audit log.
pub(super) fn identity_view(of: ConnectionRef, person: &Person, account: AccountId) -> Value {
    json!({
        "connection": of.connection.to_string(),
        "issuer": person.issuer,
        "subject": person.subject,
        "account": account.to_string(),
    })
}
