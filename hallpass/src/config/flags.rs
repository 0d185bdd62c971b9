//! The settings on the command line.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::path::PathBuf;

use clap::error::Error;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::setting::{Scope, Setting};
use super::table::SETTINGS;

/// The heading of the settings in help texts.
const HEADING: &str = "Configuration";

const CONFIG: &str = "config";

/// Which settings a command accepts.
pub(crate) trait Accepts {
    /// Whether subcommands accept them too.
    const IS_GLOBAL: bool;

    /// Whether a setting is accepted, and if so whether the help lists it.
    fn lists(scope: Scope) -> Option<bool>;
}

/// A command that starts the server or shows its configuration accepts every setting.
#[derive(Clone, Default)]
pub(crate) struct Server;

/// A command that opens the database accepts where it is.
#[derive(Clone)]
pub(crate) struct Database;

/// A command that prints links of the server accepts its URL too.
#[derive(Clone)]
pub(crate) struct Links;

impl Accepts for Server {
    const IS_GLOBAL: bool = false;

    fn lists(_: Scope) -> Option<bool> {
        Some(true)
    }
}

impl Accepts for Database {
    const IS_GLOBAL: bool = true;

    fn lists(scope: Scope) -> Option<bool> {
        match scope {
            Scope::Server | Scope::Links => None,
            Scope::Database { is_listed } => Some(is_listed),
        }
    }
}

impl Accepts for Links {
    const IS_GLOBAL: bool = true;

    fn lists(scope: Scope) -> Option<bool> {
        match scope {
            Scope::Server => None,
            Scope::Links => Some(true),
            Scope::Database { is_listed } => Some(is_listed),
        }
    }
}

/// The settings that were given on the command line of a command.
#[derive(Clone, Default)]
pub(crate) struct Flags<A> {
    /// The configuration file.
    pub(super) file: Option<PathBuf>,
    /// The values, by key.
    pub(super) values: BTreeMap<&'static str, String>,
    accepts: PhantomData<A>,
}

impl<A: Accepts> Flags<A> {
    fn settings() -> impl Iterator<Item = (&'static Setting, String, bool)> {
        SETTINGS
            .iter()
            .filter_map(|setting| Some((setting, setting.flag()?, A::lists(setting.scope)?)))
    }
}

impl<A: Accepts> Args for Flags<A> {
    fn augment_args(command: Command) -> Command {
        let config = Arg::new(CONFIG)
            .long(CONFIG)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .global(A::IS_GLOBAL)
            .help_heading(HEADING)
            .help("Read settings from this file [default: hallpass.toml, if it exists]");
        let settings = Flags::<A>::settings().map(|(setting, flag, is_listed)| {
            let default = setting.default_text();
            let default =
                default.map_or_else(String::new, |text| format!(" [default: {text}]"));
            let help = setting.help.trim();
            Arg::new(setting.key)
                .long(flag)
                .value_name(setting.value_name)
                .global(A::IS_GLOBAL)
                .hide(!is_listed)
                .help_heading(HEADING)
                .help(format!("{help}{default}"))
        });
        command.arg(config).args(settings)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::<A>::augment_args(command)
    }
}

impl<A: Accepts> FromArgMatches for Flags<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Flags<A>, Error> {
        let value = |(setting, _, _): (&'static Setting, String, bool)| {
            Some((setting.key, matches.get_one::<String>(setting.key)?.clone()))
        };
        Ok(Flags {
            file: matches.get_one::<PathBuf>(CONFIG).cloned(),
            values: Flags::<A>::settings().filter_map(value).collect(),
            accepts: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Flags::from_arg_matches(matches)?;
        Ok(())
    }
}
