//! Who may bring an access model of their own.

use hallpass_domain::refusal::Refusal;

use crate::app::{App, OwnBlueprints};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, Permission};

/// Checks that an operator, or another user, may bring an access model, where it is not one that ships with
/// the server.
pub(crate) fn check_may_bring(
    app: &App,
    is_own: bool,
    is_operator: bool,
) -> Result<(), Refusal> {
    let may = match app.rules().own_blueprints {
        OwnBlueprints::Everybody => true,
        OwnBlueprints::Operators => is_operator,
        OwnBlueprints::None => false,
    };
    if may || !is_own {
        return Ok(());
    }
    let contact = app.rules().operator_contact.clone();
    Err(Refusal::NotSelfServe { what: "bring an access model of their own", contact })
}

/// Checks that who has entered a workspace may bring an access model: an operator by a session of their
/// account, or a command of the machine.
pub(super) async fn check_entrant(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    is_own: bool,
) -> Result<(), Error> {
    if check_may_bring(&ctx.app, is_own, false).is_ok() {
        return Ok(());
    }
    let is_operator = match (ctx.member_id(), ctx.account_of_session()) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(_), Some(account)) => {
            let found = ctx.read(pass)?.global().accounts().find(account).await?;
            found.is_some_and(|account| account.is_operator)
        }
    };
    Ok(check_may_bring(&ctx.app, is_own, is_operator)?)
}
