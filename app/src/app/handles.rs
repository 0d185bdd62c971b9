//! The handles of the shared state: one for each noun with use cases outside a workspace.
//!
//! A handle borrows the state for one call: `app.sessions().sign_in(…)`. Its file holds the use cases
//! of its noun and nothing else.

use super::App;
use crate::account::Accounts;
use crate::admission::Admissions;
use crate::api_key::reminder::ApiKeyReminders;
use crate::billing::stripe::StripeEvents;
use crate::blueprint::usage::Blueprints;
use crate::bulk_job::work::BulkWork;
use crate::connection::operator::WorkspaceConnections;
use crate::device::Devices;
use crate::export::Exports;
use crate::factor::SecondFactors;
use crate::future_time::FutureTimes;
use crate::health::Health;
use crate::idempotency::IdempotentRequests;
use crate::identity::Identities;
use crate::import::Imports;
use crate::invitation::acceptance::InvitationLinks;
use crate::mail::Mails;
use crate::operation::Operations;
use crate::operator::Operators;
use crate::passkey::Passkeys;
use crate::presence::Presence;
use crate::principal::lookup::Principals;
use crate::proven_domain::DomainRecords;
use crate::recovery_code::RecoveryCodes;
use crate::search::SearchIndex;
use crate::secret::rotation::StoredSecrets;
use crate::session::Sessions;
use crate::sign_on_request::SignOnRequests;
use crate::totp::Totps;
use crate::workspace::Workspaces;

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident: $handle:ident;)*) => {
        impl App {$(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> $handle<'_> {
                $handle(self)
            }
        )*}
    };
}

handles! {
    /// Accounts: sign-up, profile, password, deletion.
    accounts: Accounts;
    /// Requests as they enter workspaces, and decisions without a transaction.
    admissions: Admissions;
    /// The reminders of API keys that expire.
    api_key_reminders: ApiKeyReminders;
    /// Events that Stripe sends.
    billing: StripeEvents;
    /// The access models that workspaces have.
    blueprints: Blueprints;
    /// The batches of bulk jobs.
    bulk_work: BulkWork;
    /// Connections of workspaces, for the operator: list, turn off.
    connections: WorkspaceConnections;
    /// Trusted devices: list, revoke.
    devices: Devices;
    /// Exports of whole workspaces.
    exports: Exports;
    /// Second factors: which ones an account has.
    factors: SecondFactors;
    /// Times that are far ahead, which a clock has written that was ahead.
    future_times: FutureTimes;
    /// How the server is.
    health: Health;
    /// Requests with an idempotency key.
    idempotent_requests: IdempotentRequests;
    /// Lookups of domains in the DNS.
    domain_records: DomainRecords;
    /// People whom identity providers know: ways in, logout.
    identities: Identities;
    /// Imports of workspaces.
    imports: Imports;
    /// Links of invitations: load, accept.
    invitations: InvitationLinks;
    /// The mail queue.
    mails: Mails;
    /// What operators did.
    operations: Operations;
    /// The gate of the operator's console.
    operators: Operators;
    /// Passkeys: register, sign in, rename, delete.
    passkeys: Passkeys;
    /// When sessions, API keys and members were last seen.
    presence: Presence;
    /// Who authenticated a request.
    principals: Principals;
    /// Recovery codes: make them.
    recovery_codes: RecoveryCodes;
    /// The index of search.
    search_index: SearchIndex;
    /// Sessions: sign-in, sign-out, list, revoke.
    sessions: Sessions;
    /// Signing in at identity providers.
    sign_on_requests: SignOnRequests;
    /// Stored secrets: count them by key, encrypt them with another one.
    stored_secrets: StoredSecrets;
    /// Authenticator apps: add, confirm, remove.
    totps: Totps;
    /// Workspaces: create, list, delete, restore, purge.
    workspaces: Workspaces;
}
