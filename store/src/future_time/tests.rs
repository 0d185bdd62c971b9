//! Every column with a time is listed here, so that none is forgotten for which something waits.

use std::collections::BTreeSet;

use super::{AHEAD, WAITING};

/// The schema after all migrations, of both databases.
const SCHEMAS: [&str; 2] =
    [include_str!("../../schema/sqlite.sql"), include_str!("../../schema/postgres.sql")];

/// Whole numbers that are no times, by name.
const NUMBERS: &str = "\
    amount amount_high amount_low attempts bytes card_month card_year created_month doc done \
    failures id indexed_doc last_doc last_step longest_pause member_scope n number open_n \
    owners pieces revision scope status times total version";

/// What is brought back with another time of its row.
const ALSO: &str = "\
    mails.created_at mails.leased_until";

/// Times that are compared when they count: what they end ends later, and a batch or a reminder comes later.
const COMPARED: &str = "\
    address_changes.expires_at api_keys.expires_at api_keys.former_until api_keys.remind_at \
    bulk_jobs.run_at devices.seen_at export_files.expires_at former_slugs.until \
    invitations.expires_at links.expires_at passkey_ceremonies.expires_at \
    pending_sign_ins.expires_at provider_sessions.created_at sessions.view_until \
    setup_links.expires_at sign_on_requests.expires_at stored_responses.at \
    used_messages.until";

/// Times that say when something was, or that another service has said.
const SAID: &str = "\
    account_workspaces.visited_at accounts.confirmed_at accounts.created_at \
    accounts.deleted_at accounts.disabled_at api_keys.created_at api_keys.former_seen_at \
    api_keys.rotated_at api_keys.seen_at audit.at audit.last_at billing.renews_at \
    billing.told_at bulk_jobs.created_at bulk_jobs.updated_at connections.created_at \
    held_events.at held_events.created_at identities.created_at identities.seen_at \
    invitations.invited_at invoices.due_at invoices.issued_at invoices.paid_at mails.sent_at \
    members.joined_at members.role_since members.seen_at operations.at passkeys.created_at \
    passkeys.used_at payment_messages.at payment_references.at proven_domains.created_at \
    proven_domains.proven_at records.created_at records.updated_at timeline.at \
    totps.confirmed_at totps.created_at trusted_devices.created_at trusted_devices.seen_at \
    workspaces.created_at";

/// The columns of a schema with whole numbers that are not [`NUMBERS`], each behind its table.
fn times(schema: &str) -> BTreeSet<String> {
    let mut table = "";
    let mut found = BTreeSet::new();
    for line in schema.lines() {
        if let Some(rest) = line.strip_prefix("CREATE ") {
            // Those of the index of search are quoted.
            let rest = rest.strip_prefix("TABLE ").filter(|rest| !rest.starts_with('\''));
            table = rest.map_or("", |rest| {
                rest.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default()
            });
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2).filter(|_| !table.is_empty()) {
            let kind = pair[1].trim_end_matches([',', ')', ';']).to_lowercase();
            let (name, is_whole) = (
                pair[0].trim_start_matches('('),
                matches!(kind.as_str(), "bigint" | "integer"),
            );
            if is_whole && !NUMBERS.split(' ').any(|known| known == name) {
                found.insert(format!("{table}.{name}"));
            }
        }
    }
    found
}

#[test]
fn a_time_of_the_schema_is_known_to_wait_or_not_to() {
    let mut known: Vec<String> =
        WAITING.iter().map(|(table, _, column, _)| format!("{table}.{column}")).collect();
    for column in AHEAD.split(" OR ").filter_map(|part| part.split(' ').next()) {
        known.push(format!("sessions.{column}"));
    }
    known.extend(
        [ALSO, COMPARED, SAID].iter().flat_map(|list| list.split(' ')).map(str::to_owned),
    );
    let once: BTreeSet<String> = known.iter().cloned().collect();
    assert_eq!(once.len(), known.len(), "a column is in two lists");

    for schema in SCHEMAS {
        assert_eq!(times(schema), once);
    }
}
