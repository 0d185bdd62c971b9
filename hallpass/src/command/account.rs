//! `hallpass account`: what an operator does with accounts.

use clap::{Args, Subcommand};
use hallpass_app::App;
use hallpass_app::account::operator::{OperatorStatus, VALID_HOURS};
use hallpass_app::operation::Operator;
use hallpass_app::secret::Token;
use hallpass_domain::email::Email;
use hallpass_domain::name::Name;

use super::operator;
use crate::config::{Config, Flags, Links};
use crate::output::{Output, describe};
use crate::server::{open_existing, runtime};

const EXAMPLES: &str = "\
Examples:
  hallpass account create anna@example.com --first-name Anna
  hallpass account link anna@example.com
  hallpass account operator anna@example.com";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Account {
    #[command(flatten)]
    flags: Flags<Links>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
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
        /// The email address of the account
        email: String,
    },
    /// Let an account open the operator's console, or no longer
    Operator {
        /// The email address of the account
        email: String,
        /// Take the operator's console from the account
        #[arg(long)]
        revoke: bool,
    },
}

impl Account {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        runtime()?.block_on(async {
            let app = open_existing(&config).await?;
            self.action.run(&app, &config, &operator()).await
        })
    }
}

impl Action {
    async fn run(
        &self,
        app: &App,
        config: &Config,
        operator: &Operator,
    ) -> Result<Output, String> {
        let mut text = Output::new();
        let (email, link) = match self {
            Action::Create { email, first_name, last_name } => {
                let email = parse(email)?;
                let first_name = match first_name {
                    Some(name) => name.as_str(),
                    None => email.as_str().split('@').next().unwrap_or_default(),
                };
                let first_name = name("--first-name", first_name)?;
                let last_name = last_name.as_deref().map(|text| name("--last-name", text));
                let last_name = last_name.transpose()?;
                let accounts = app.accounts();
                let created =
                    accounts.create_as(operator, &email, &first_name, last_name.as_ref()).await;
                let (account, link) = created.map_err(|error| describe(&error))?;
                text.line(format_args!("created {} ({})", email.as_str(), account.id));
                (email, link)
            }
            Action::Link { email } => {
                let email = parse(email)?;
                let accounts = app.accounts();
                let found = accounts.find_as(operator, &email).await;
                let found = found.map_err(|error| describe(&error))?;
                let link = accounts.create_link_as(operator, found.id).await;
                (email, link.map_err(|error| describe(&error))?)
            }
            Action::Operator { email, revoke } => {
                return set_operator(app, operator, email, *revoke).await;
            }
        };
        text.line(set_password(config, &email, &link));
        Ok(text)
    }
}

async fn set_operator(
    app: &App,
    operator: &Operator,
    email: &str,
    revoke: bool,
) -> Result<Output, String> {
    let email = parse(email)?;
    let status = if revoke { OperatorStatus::Ordinary } else { OperatorStatus::Operator };
    let changed = app.accounts().set_operator_as(operator, &email, status).await;
    let changed = changed.map_err(|error| describe(&error))?;
    let email = email.as_str();
    let mut text = Output::new();
    text.line(match (changed, revoke) {
        (true, false) => format!("{email} may open the operator's console at /operator"),
        (true, true) => format!("{email} may no longer open the operator's console"),
        (false, false) => format!("{email} is an operator already"),
        (false, true) => format!("{email} is no operator"),
    });
    Ok(text)
}

fn parse(email: &str) -> Result<Email, String> {
    Email::parse(email).map_err(|error| format!("`{email}`: {error}"))
}

fn name(flag: &str, text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| format!("{flag}: {error}"))
}

fn set_password(config: &Config, email: &Email, link: &Token) -> String {
    let link = config.base_url.link("password-resets", link.expose());
    let email = email.as_str();
    format!(
        "to set the password of {email}, open this link within {VALID_HOURS} hours:\n{link}"
    )
}
