//! A member signs in at a provider beside their session: to connect their account, or again.

use hallpass_domain::connection::Connection;
use hallpass_domain::connection::arrival::{Turned, decide};
use hallpass_domain::id::AccountId;
use hallpass_domain::member::Status;
use hallpass_domain::refusal::Refusal;

use super::arrival::{begin_session, find, identity_view, key, open, settle, turn_away};
use super::group::ArrivingGroups;
use super::purpose::{Return, missing};
use crate::app::App;
use crate::billing::check_entitlement_of;
use crate::connection::ENTITLEMENT;
use crate::connection::address::ConnectionRef;
use crate::connection::given::check_nothing_given;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::Credential;
use crate::identity::Person;
use crate::principal::Principal;
use crate::secret::Token;

/// Connects the account of the person who is signed in, in another way, and is an active member.
pub(super) async fn connect(
    app: &App,
    of: ConnectionRef,
    person: &Person,
    (principal, back): (&Principal, &Return<'_>),
) -> Result<Token, Error> {
    let account = principal.holder()?;
    let (mut ctx, pass, connection) = open_for(app, of, (account, back)).await?;
    let key = key(of, person);
    let holder = ctx.read(&pass)?.identities().find(key).await?;
    if holder == Some(account) {
        return sign_in_again((ctx, pass), (of, &connection), person, (account, back)).await;
    }
    if holder.is_some() {
        let by = "another account, which is connected to the same person".to_owned();
        return Err(Refusal::InUse { noun: "identity", by }.into());
    }
    check_nothing_given(&mut ctx, &pass, None, account).await?;
    ctx.tx(&pass)?.identities().connect(key, account, app.now()).await?;
    let groups = ArrivingGroups::find(&mut ctx, &pass, &connection, (key, person)).await?;
    settle((&mut ctx, &pass), &connection, (key, person), (account, groups)).await?;
    let view = identity_view(of, person, account);
    ctx.record_audit(&pass, "identity.connect", of.connection.to_string(), &(), &view).await?;
    let token = begin_session(&mut ctx, &pass, of, person, (account, back)).await?;
    ctx.commit(&pass).await?;
    Ok(token)
}

/// Authenticates the person of a session again, who is connected already.
pub(super) async fn reauthenticate(
    app: &App,
    of: ConnectionRef,
    person: &Person,
    (principal, back): (&Principal, &Return<'_>),
) -> Result<Token, Error> {
    let account = principal.person()?;
    let (mut ctx, pass, connection) = open_for(app, of, (account, back)).await?;
    if ctx.read(&pass)?.identities().find(key(of, person)).await? != Some(account) {
        return Err(Refusal::SignOnTurned(Turned::AnotherPerson).into());
    }
    sign_in_again((ctx, pass), (of, &connection), person, (account, back)).await
}

/// Lets a member who is connected sign in beside their session. Their groups count as at any other
/// sign-in.
async fn sign_in_again(
    (mut ctx, pass): (WorkspaceContext, Pass<Credential>),
    (of, connection): (ConnectionRef, &Connection),
    person: &Person,
    (account, back): (AccountId, &Return<'_>),
) -> Result<Token, Error> {
    let (key, now) = (key(of, person), ctx.now);
    let found = find(&mut ctx, &pass, (of, connection), person).await?;
    if let Err(turned) = decide(&found.facts) {
        return Err(turn_away((ctx, pass), Some(account), turned).await);
    }
    ctx.tx(&pass)?.identities().update_seen_at(key, now).await?;
    settle((&mut ctx, &pass), connection, (key, person), (account, found.groups)).await?;
    let token = begin_session(&mut ctx, &pass, of, person, (account, back)).await?;
    ctx.commit(&pass).await?;
    Ok(token)
}

/// Opens the workspace of a connection that is on, for the account of an active member.
async fn open_for(
    app: &App,
    of: ConnectionRef,
    (account, back): (AccountId, &Return<'_>),
) -> Result<(WorkspaceContext, Pass<Credential>, Connection), Error> {
    let (mut ctx, pass) = open(app, of, back.request).await?;
    let connection = ctx.read(&pass)?.connections().find(of.connection).await?;
    let connection = connection.filter(|found| found.is_on).ok_or_else(missing)?;
    check_entitlement_of(&mut ctx, &pass, ENTITLEMENT).await?;
    let member = ctx.read(&pass)?.members().find_by_account(account).await?;
    let member = member.filter(|member| member.status == Status::Active);
    let member = member.ok_or(Refusal::SignOnFailed)?;
    ctx.actor = Actor::Member { id: member.id, name: member.name() };
    Ok((ctx, pass, connection))
}
