//! Every setting, each in one place: its flag, variable, key, default, parser, help and
//! documentation follow from its entry here.

use std::net::SocketAddr;
use std::path::PathBuf;

use hallpass_app::app::OwnBlueprints;
use hallpass_app::hasher::HashCost;
use hallpass_domain::network::Network;
use hallpass_mail::{BaseUrl, MailTarget, Sender};
use hallpass_web::state::ProxyHeader;

use super::derived;
use super::entry::Entries;
use super::kind::{Boolean, Kind, List, Optional, Plans, Reading, Required};
use super::problem::Problems;
use super::setting::{DefaultValue, Scope, Secrecy, Setting};
use super::value::{self, LogFormat, Secret};

/// Makes the table of settings and the configuration that holds their values.
macro_rules! settings {
    ($(
        $(#[doc = $help:literal])+
        $key:ident: $kind:ty {
            read: $read:expr,
            $($property:ident: $value:expr,)+
        }
    )+) => {
        /// Every setting, in the order in which they are read and shown.
        pub(super) static SETTINGS: &[Setting] = &[$(
            Setting {
                key: stringify!($key),
                help: concat!($($help),+),
                format: <$kind as Kind>::FORMAT,
                $($property: $value,)+
            },
        )+];

        /// The configuration in force.
        pub(crate) struct Config {
            $(
                $(#[doc = $help])+
                pub(crate) $key: <$kind as Kind>::Value,
            )+
            pub(super) entries: Entries,
        }

        impl Config {
            /// Reads the value of every setting; none if one is wrong.
            pub(super) fn read(mut entries: Entries, problems: &mut Problems) -> Option<Config> {
                let mut settings = SETTINGS.iter();
                $(
                    let $key = settings.next().and_then(|setting| {
                        setting.apply_default(&mut entries);
                        let entry = entries.get(setting.key);
                        $read.read(Reading { setting, entry, problems: &mut *problems })
                    });
                )+
                Some(Config { $($key: $key?,)+ entries })
            }
        }
    };
}

settings! {
    /// Listen on this IP address and port
    listen: Required<SocketAddr> {
        read: Required(value::socket_address),
        value_name: "ADDRESS:PORT",
        default: DefaultValue::Fixed("127.0.0.1:8700"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Serve by TLS with the certificate in this PEM file, followed by those that lead to its authority; read
    /// again when it changes
    tls_certificate: Optional<PathBuf> {
        read: Optional(value::file),
        value_name: "FILE",
        default: DefaultValue::Unset,
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Serve by TLS with the private key in this PEM file, which only the user of the server may read
    tls_key: Optional<PathBuf> {
        read: Optional(value::file),
        value_name: "FILE",
        default: DefaultValue::Unset,
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Keep at most this many connections open, as far as the machine lets the server open files; beyond it,
    /// those are closed that wait for their client
    connections: Required<usize> {
        read: Required(value::connections),
        value_name: "COUNT",
        default: DefaultValue::Fixed("10000"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Keep the database and the mail folder in this folder, unless they are set
    data: Required<PathBuf> {
        read: Required(value::folder),
        value_name: "FOLDER",
        default: DefaultValue::Fixed("./hallpass-data"),
        secrecy: Secrecy::Public,
        scope: Scope::Database { is_listed: false },
    }

    /// Use this database: a SQLite file or `postgres://user:password@host/database`
    database: Required<String> {
        read: Required(value::database),
        value_name: "DATABASE",
        default: DefaultValue::Derived {
            value: derived::database,
            description: "hallpass.db in the data folder",
        },
        secrecy: Secrecy::Password,
        scope: Scope::Database { is_listed: true },
    }

    /// Open at most this many transactions at once, each with a connection to the database
    database_connections: Required<usize> {
        read: Required(value::database_connections),
        value_name: "NUMBER",
        default: DefaultValue::Fixed("8"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Deliver mail here: `smtp://user:password@host`, `smtps://…`, `file:FOLDER` or `log:`
    mail: Required<MailTarget> {
        read: Required(str::parse),
        value_name: "TARGET",
        default: DefaultValue::Derived {
            value: derived::mail,
            description: "the folder mail in the data folder",
        },
        secrecy: Secrecy::Password,
        scope: Scope::Server,
    }

    /// Public URL of the server, for links; with `https://`, cookies are sent only over TLS
    base_url: Required<BaseUrl> {
        read: Required(str::parse),
        value_name: "URL",
        default: DefaultValue::Derived {
            value: derived::base_url,
            description: "http:// or https:// and the listen address",
        },
        secrecy: Secrecy::Public,
        scope: Scope::Links,
    }

    /// Send mail from this sender
    mail_from: Required<Sender> {
        read: Required(str::parse),
        value_name: "SENDER",
        default: DefaultValue::Derived {
            value: derived::mail_from,
            description: "hallpass at the host of the public URL",
        },
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Log these levels, for all targets or by target: `info,hallpass_web=debug`
    log: Required<String> {
        read: Required(value::log_levels),
        value_name: "LEVELS",
        default: DefaultValue::Fixed("info"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Write log lines as `text` or `json`
    log_format: Required<LogFormat> {
        read: Required(value::log_format),
        value_name: "FORMAT",
        default: DefaultValue::Fixed("text"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Serve figures for Prometheus at `/metrics` on this IP address and port, where everybody may read them
    metrics_listen: Optional<SocketAddr> {
        read: Optional(value::socket_address),
        value_name: "ADDRESS:PORT",
        default: DefaultValue::Unset,
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Keep compiled workspaces in so much memory, such as `256MB`; those that were not used for longest are
    /// compiled again when they are used
    snapshot_memory: Required<u64> {
        read: Required(value::memory),
        value_name: "SIZE",
        default: DefaultValue::Fixed("256MB"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Take access models that do not ship with the server from `everybody`, `operators` or `nobody`
    own_blueprints: Required<OwnBlueprints> {
        read: Required(value::own_blueprints),
        value_name: "WHO",
        default: DefaultValue::Fixed("everybody"),
        secrecy: Secrecy::Public,
        scope: Scope::Database { is_listed: false },
    }

    /// Name this contact, an email address or URL, for what only the operator can do
    operator_contact: Optional<String> {
        read: Optional(value::contact),
        value_name: "CONTACT",
        default: DefaultValue::Unset,
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Hash passwords at this cost: memory in KiB, rounds and parallelism of Argon2id
    password_hash: Required<HashCost> {
        read: Required(str::parse),
        value_name: "COST",
        default: DefaultValue::Fixed("m=19456,t=2,p=1"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Let members do what their access model reserves for the operator: `true` or `false`
    self_serve: Boolean {
        read: Boolean,
        value_name: "BOOLEAN",
        default: DefaultValue::Fixed("false"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Encrypt stored secrets with this key of 32 bytes in base64, instead of the file secret.key in the
    /// data folder; earlier keys follow, comma-separated, and decrypt what they have encrypted
    secret_key: Optional<Secret> {
        read: Optional(value::secret_keys),
        value_name: "KEYS",
        default: DefaultValue::Unset,
        secrecy: Secrecy::Secret,
        scope: Scope::Database { is_listed: false },
    }

    /// Accept the messages that Stripe signs with this secret at `/api/v1/billing/stripe`
    stripe_secret: Optional<Secret> {
        read: Optional(value::stripe_secret),
        value_name: "SECRET",
        default: DefaultValue::Unset,
        secrecy: Secrecy::Secret,
        scope: Scope::Server,
    }

    /// Send people here to change plan and card, such as the customer portal of Stripe
    billing_portal: Optional<String> {
        read: Optional(value::portal),
        value_name: "URL",
        default: DefaultValue::Unset,
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Call identity providers at private and loopback addresses and over plain HTTP too: `true` or `false`
    private_providers: Boolean {
        read: Boolean,
        value_name: "BOOLEAN",
        default: DefaultValue::Fixed("false"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Expect this issuer of connections to Google
    google_issuer: Required<String> {
        read: Required(value::issuer),
        value_name: "URL",
        default: DefaultValue::Fixed("https://accounts.google.com"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Find the tenants of connections to Microsoft under this authority, such as that of a national cloud
    microsoft_authority: Required<String> {
        read: Required(value::issuer),
        value_name: "URL",
        default: DefaultValue::Fixed("https://login.microsoftonline.com"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Ask these name servers for the records that prove domains, instead of those of the machine: IP
    /// addresses and ports, comma-separated
    name_servers: List<SocketAddr> {
        read: List(value::socket_address),
        value_name: "ADDRESSES",
        default: DefaultValue::Fixed(""),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Trust these proxies to name the client in `proxy_header`: IP addresses or ranges, comma-separated
    trusted_proxies: List<Network> {
        read: List(str::parse),
        value_name: "NETWORKS",
        default: DefaultValue::Fixed(""),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Read the client that trusted proxies name from `x-forwarded-for` (and `x-forwarded-proto`) or `forwarded`
    proxy_header: Required<ProxyHeader> {
        read: Required(value::proxy_header),
        value_name: "HEADER",
        default: DefaultValue::Fixed("x-forwarded-for"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }

    /// Offer these plans, lowest first, each with its entitlements: `free,agency:sso+scim`
    plans: Plans {
        read: Plans,
        value_name: "PLANS",
        default: DefaultValue::Fixed("free,starter,agency:sso,enterprise:sso"),
        secrecy: Secrecy::Public,
        scope: Scope::Server,
    }
}
