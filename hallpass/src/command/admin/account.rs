//! `hallpass admin account`: accounts, how they sign in, and who is an operator.

use clap::Subcommand;
use hallpass_app::account::operator::{
    AccountQuery, AccountSummary, OperatorStatus, VALID_HOURS,
};
use hallpass_app::operation::Operator;
use hallpass_app::secret::Token;
use hallpass_app::{App, Error};
use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::factor::Factors;
use hallpass_domain::id::AccountId;
use hallpass_domain::member::Status;
use hallpass_domain::name::Name;
use hallpass_domain::session::Session;

use crate::config::Config;
use crate::output::{Output, describe};

/// How many accounts are read at a time.
const PAGE: usize = 500;

#[derive(Subcommand)]
pub(super) enum Action {
    /// List the accounts: address, workspaces, state, id and name
    List {
        /// Only those with this text in their address
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only operators
        #[arg(long)]
        operators: bool,
        /// Only disabled accounts
        #[arg(long)]
        disabled: bool,
    },
    /// Show an account with its workspaces, second factors and sessions
    Show {
        /// The email address or the id of the account
        account: String,
    },
    /// Create an account with a confirmed address, and print a one-time link to set its password
    Create {
        /// The email address; it identifies the account
        email: String,
        /// The first name [default: the address before the `@`]
        #[arg(long, value_name = "NAME")]
        first_name: Option<String>,
        /// The last name
        #[arg(long, value_name = "NAME")]
        last_name: Option<String>,
    },
    /// Print a one-time link to set another password for an account
    Link {
        /// The email address or the id of the account
        account: String,
    },
    /// Disable an account: it signs in by no way, its sessions end, and its API keys are refused
    Disable {
        /// The email address or the id of the account
        account: String,
    },
    /// Enable an account that was disabled
    Enable {
        /// The email address or the id of the account
        account: String,
    },
    /// End the sessions of an account, or one of them
    EndSessions {
        /// The email address or the id of the account
        account: String,
        /// Only this session, by the id that `show` prints
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
    /// Remove the second factors, trusted devices and password of an account, and mail it a link
    ResetFactors {
        /// The email address or the id of the account
        account: String,
    },
    /// Let an account open the operator's console, or no longer
    Operator {
        /// The email address or the id of the account
        account: String,
        /// Take the operator's console from the account
        #[arg(long)]
        revoke: bool,
    },
}

impl Action {
    pub(super) async fn run(
        &self,
        app: &App,
        config: &Config,
        operator: &Operator,
    ) -> Result<Output, String> {
        let mut text = Output::new();
        let (accounts, output) = (app.accounts(), &mut text);
        match self {
            Action::List { search, operators, disabled } => {
                let query = AccountQuery {
                    text: search.clone(),
                    is_operator: *operators,
                    is_disabled: *disabled,
                };
                list(app, operator, &query, output).await?;
            }
            Action::Show { account } => {
                let account = find(app, operator, account).await?;
                show(app, operator, account.id, output).await?;
            }
            Action::Create { email, first_name, last_name } => {
                let last_name = last_name.as_deref();
                let names = (first_name.as_deref(), last_name);
                let (account, link) = create(app, operator, email, names).await?;
                let email = account.email.as_str();
                output.line(format_args!("created {email} ({})", account.id));
                output.line(set_password(config, email, &link));
            }
            Action::Link { account } => {
                let account = find(app, operator, account).await?;
                let link = done(accounts.create_link_as(operator, account.id).await)?;
                output.line(set_password(config, account.email.as_str(), &link));
                let factors = done(accounts.factors_as(operator, account.id).await)?;
                if factors.is_enabled() {
                    output.line(
                        "the second factor is still asked; if it is lost too, run \
                         `hallpass admin account reset-factors` first",
                    );
                }
            }
            Action::Disable { account } => {
                let account = find(app, operator, account).await?;
                let changed = done(accounts.disable_as(operator, account.id).await)?;
                let words = ["is disabled, and its sessions have ended", "is disabled already"];
                output.line(sentence(&account, changed, words));
            }
            Action::Enable { account } => {
                let account = find(app, operator, account).await?;
                let changed = done(accounts.enable_as(operator, account.id).await)?;
                output.line(sentence(&account, changed, ["is enabled", "is not disabled"]));
            }
            Action::EndSessions { account, session } => {
                let account = find(app, operator, account).await?;
                end_sessions(app, operator, &account, session.as_deref(), output).await?;
            }
            Action::ResetFactors { account } => {
                let account = find(app, operator, account).await?;
                done(accounts.reset_factors_as(operator, account.id).await)?;
                output.line(format_args!(
                    "{} has no second factor, no password and no session any more; a link to set \
                     a password is mailed to it",
                    account.email.as_str()
                ));
            }
            Action::Operator { account, revoke } => {
                let account = find(app, operator, account).await?;
                set_operator(app, operator, &account, *revoke, output).await?;
            }
        }
        Ok(text)
    }
}

async fn list(
    app: &App,
    operator: &Operator,
    query: &AccountQuery,
    output: &mut Output,
) -> Result<(), String> {
    let mut after = None;
    loop {
        let page = app.accounts().list_as(operator, query, after, PAGE).await;
        let (page, has_more) = done(page)?;
        for one in &page {
            output.line(line(one));
        }
        after = page.last().map(|last| last.id);
        if !has_more {
            return Ok(());
        }
    }
}

fn line(one: &AccountSummary) -> String {
    let mut states = Vec::new();
    states.extend(one.is_disabled.then_some("disabled"));
    states.extend(one.is_operator.then_some("operator"));
    states.extend(one.confirmed_at.is_none().then_some("not confirmed"));
    states.extend((!one.has_password).then_some("no password"));
    let state = if states.is_empty() { "active".to_owned() } else { states.join(", ") };
    let name = format!("{} {}", one.first_name, one.last_name);
    format!(
        "{:<32} {:>4} workspaces  {state}  {}  {}",
        one.email.as_str(),
        one.workspaces,
        one.id,
        name.trim()
    )
}

async fn show(
    app: &App,
    operator: &Operator,
    id: AccountId,
    output: &mut Output,
) -> Result<(), String> {
    let accounts = app.accounts();
    let (account, places) = done(accounts.load_as(operator, id).await)?;
    let factors = done(accounts.factors_as(operator, id).await)?;
    let sessions = done(accounts.list_sessions_as(operator, id).await)?;
    output.line(format_args!("account     {}", account.id));
    output.line(format_args!("address     {}", account.email.as_str()));
    output.line(format_args!("name        {}", account.name()));
    output.line(format_args!("created     {}", account.created_at));
    let time = |at: Option<_>| at.map_or_else(|| "no".to_owned(), |at| format!("since {at}"));
    output.line(format_args!("confirmed   {}", time(account.confirmed_at)));
    output.line(format_args!("disabled    {}", time(account.disabled_at)));
    output.line(format_args!("operator    {}", yes(account.is_operator)));
    output.line(format_args!("password    {}", yes(account.password.is_some())));
    output.line(format_args!("factors     {}", words(&factors)));
    for place in places {
        let status = match place.status {
            _ if place.is_deleted => "deleted",
            Some(Status::Active) => "active",
            Some(Status::Inactive) => "inactive",
            Some(Status::Removed) | None => "removed",
        };
        output.line(format_args!("workspace   {} ({status})", place.slug));
    }
    for session in sessions {
        let Session { id, created_at, seen_at, address, client, .. } = session;
        output.line(format_args!(
            "session     {id} since {created_at}, used {seen_at} from {address} by {client}"
        ));
    }
    Ok(())
}

fn yes(is_on: bool) -> &'static str {
    if is_on { "yes" } else { "no" }
}

/// The second factors of an account in words.
fn words(factors: &Factors) -> String {
    if !factors.is_enabled() {
        return "none".to_owned();
    }
    let Factors { totp_since, passkeys, recovery_codes } = factors;
    let app = totp_since.map(|at| format!("an authenticator app since {at}"));
    let passkeys = (*passkeys > 0).then(|| format!("{passkeys} passkeys"));
    let codes = Some(format!("{recovery_codes} recovery codes"));
    [app, passkeys, codes].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

async fn create(
    app: &App,
    operator: &Operator,
    email: &str,
    (first_name, last_name): (Option<&str>, Option<&str>),
) -> Result<(Account, Token), String> {
    let email = parse(email)?;
    let local = email.as_str().split('@').next().unwrap_or_default();
    let first_name = name("--first-name", first_name.unwrap_or(local))?;
    let last_name = last_name.map(|text| name("--last-name", text)).transpose()?;
    let accounts = app.accounts();
    done(accounts.create_as(operator, &email, &first_name, last_name.as_ref()).await)
}

async fn end_sessions(
    app: &App,
    operator: &Operator,
    account: &Account,
    session: Option<&str>,
    output: &mut Output,
) -> Result<(), String> {
    let (accounts, email) = (app.accounts(), account.email.as_str());
    let Some(session) = session else {
        done(accounts.end_sessions_as(operator, account.id).await)?;
        output.line(format_args!("the sessions of {email} have ended"));
        return Ok(());
    };
    let id = session.parse();
    let id = id.map_err(|_| format!("`{session}` is no id of a session; see `show`"))?;
    done(accounts.end_session_as(operator, account.id, id).await)?;
    output.line(format_args!("the session {session} of {email} has ended"));
    Ok(())
}

async fn set_operator(
    app: &App,
    operator: &Operator,
    account: &Account,
    revoke: bool,
    output: &mut Output,
) -> Result<(), String> {
    let status = if revoke { OperatorStatus::Ordinary } else { OperatorStatus::Operator };
    let changed = done(app.accounts().set_operator_as(operator, account.id, status).await)?;
    let words = if revoke {
        ["may no longer open the operator's console", "is no operator"]
    } else {
        ["may open the operator's console at /operator", "is an operator already"]
    };
    output.line(sentence(account, changed, words));
    Ok(())
}

/// Finds an account by its id, or by its address: the confirmed one, or else the latest.
async fn find(app: &App, operator: &Operator, account: &str) -> Result<Account, String> {
    let found = match account.parse::<AccountId>() {
        Ok(id) => app.accounts().load_as(operator, id).await.map(|(account, _)| account),
        Err(_) => app.accounts().find_as(operator, &parse(account)?).await,
    };
    found.map_err(|error| {
        if matches!(error, Error::Missing { .. }) {
            format!("no account `{account}`")
        } else {
            describe(&error)
        }
    })
}

fn done<T>(result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| describe(&error))
}

/// What has happened to an account, or what it was already.
fn sentence(account: &Account, changed: bool, [done, already]: [&str; 2]) -> String {
    format!("{} {}", account.email.as_str(), if changed { done } else { already })
}

fn parse(email: &str) -> Result<Email, String> {
    Email::parse(email).map_err(|error| format!("`{email}`: {error}"))
}

fn name(flag: &str, text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| format!("{flag}: {error}"))
}

fn set_password(config: &Config, email: &str, link: &Token) -> String {
    let link = config.base_url.link("password-resets", link.expose());
    format!(
        "to set the password of {email}, open this link within {VALID_HOURS} hours:\n{link}"
    )
}
