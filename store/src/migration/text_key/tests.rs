//! Rows of an earlier version get the keys of this one.

use crate::db::Db;
use crate::options::Options;
use crate::value::Value;

use super::*;

async fn run(tx: &mut Tx, sql: &str) {
    tx.execute(sql, &[]).await.unwrap();
}

async fn keys(tx: &mut Tx, sql: &str) -> Vec<String> {
    let none: [Value; 0] = [];
    let rows = tx.query(sql, &none).await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

async fn database() -> Tx {
    let db = Db::open(":memory:", &Options::default()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let workspace = "INSERT INTO workspaces (id, slug, name, revision, created_at, blueprint_id, \
                     blueprint_hash, blueprint_text) VALUES (X'00000000000000000000000000000001', \
                     'acme', 'Acme', 0, 0, 'x', X'00', '')";
    run(&mut tx, workspace).await;
    tx
}

async fn insert_account(tx: &mut Tx, number: u8, email: &str, key: &str, confirmed: &str) {
    let sql = format!(
        "INSERT INTO accounts (id, email, email_key, first_name, last_name, locale, notifications, \
         confirmed_at, created_at, version) \
         VALUES (X'000000000000000000000000000000{number:02x}', '{email}', '{key}', 'A', '', 'en', \
         '{{}}', {confirmed}, 0, 1)"
    );
    run(tx, &sql).await;
}

#[tokio::test]
async fn of_several_accounts_of_a_mailbox_the_confirmed_one_gets_it() {
    let mut tx = database().await;
    let punycode = "anna@xn--mller-x-n2a.de";
    insert_account(&mut tx, 1, punycode, punycode, "NULL").await;
    insert_account(&mut tx, 2, "Anna@Müller-X.de", "anna@müller-x.de", "7").await;
    insert_account(&mut tx, 3, "anna@MÜLLER-x.de", "anna@mÜller-x.de", "9").await;
    insert_account(&mut tx, 4, "Ben@Example.com", "ben@example.com", "NULL").await;

    compute(&mut tx, COMPARISON).await.unwrap();

    let found = keys(&mut tx, "SELECT email_key FROM accounts ORDER BY id").await;
    let freed = format!("{punycode} (not valid)");
    assert_eq!(found, [freed.as_str(), punycode, "anna@mÜller-x.de", "ben@example.com"]);
}

#[tokio::test]
async fn a_group_gets_its_key_unless_another_has_it() {
    let mut tx = database().await;
    for (number, name) in [(1, "Sales  Team"), (2, "sales team"), (3, "Ad\u{200D}min")] {
        let sql = format!(
            "INSERT INTO teams (workspace_id, id, name, name_key, description, sharing, version) \
             VALUES (X'00000000000000000000000000000001', \
             X'000000000000000000000000000000{number:02x}', '{name}', lower('{name}'), '', '', 1)"
        );
        run(&mut tx, &sql).await;
    }

    compute(&mut tx, COMPARISON).await.unwrap();

    let found = keys(&mut tx, "SELECT name_key FROM teams ORDER BY id").await;
    assert_eq!(found, ["sales  team", "sales team", "admin"]);
}

#[tokio::test]
async fn records_of_every_batch_are_found_by_the_new_keys() {
    let mut tx = database().await;
    for number in 0..(BATCH * 2 + 7) {
        let sql = format!(
            "INSERT INTO records (workspace_id, entity, id, owner_id, title_key, is_open, \
             created_month, created_at, updated_at, version, title, fields, search_text) \
             VALUES (X'00000000000000000000000000000001', 'deals', \
             X'000000000000000000000000{number:08x}', X'00000000000000000000000000000000', 'old', \
             TRUE, 0, 0, 0, 1, 'Straße  {number}', '{{\"note\": \"a\\nb\"}}', 'old')"
        );
        run(&mut tx, &sql).await;
    }

    compute(&mut tx, COMPARISON).await.unwrap();

    let old = "SELECT title FROM records WHERE title_key = 'old' OR search_text = 'old'";
    assert!(keys(&mut tx, old).await.is_empty());
    let one = "SELECT search_text FROM records WHERE title = 'Straße  7'";
    assert_eq!(keys(&mut tx, one).await, ["strasse 7\na b\n"]);
}

#[tokio::test]
async fn records_and_members_are_sorted_by_the_new_keys() {
    let mut tx = database().await;
    insert_account(&mut tx, 1, "a@example.com", "a@example.com", "1").await;
    run(
        &mut tx,
        "INSERT INTO members (workspace_id, id, account_id, first_name, last_name, email, name_key, \
         search, status, role, levels, visibility, is_billing_contact, joined_at, role_since, version) \
         VALUES (X'00000000000000000000000000000001', X'00000000000000000000000000000001', \
         X'00000000000000000000000000000001', 'Ädam', 'Øst', 'a@example.com', 'ädam øst', 'old', \
         'active', 'member', '{}', 'own', FALSE, 0, 0, 1)",
    )
    .await;
    run(
        &mut tx,
        "INSERT INTO records (workspace_id, entity, id, owner_id, title_key, is_open, \
         created_month, created_at, updated_at, version, title, fields, search_text) \
         VALUES (X'00000000000000000000000000000001', 'deals', \
         X'00000000000000000000000000000001', X'00000000000000000000000000000000', 'émile', \
         TRUE, 0, 0, 0, 1, 'Émile', '{}', 'émile')",
    )
    .await;

    compute(&mut tx, ORDER).await.unwrap();

    let members = keys(&mut tx, "SELECT name_key FROM members").await;
    assert_eq!(members, ["adam ost\u{1}ädam øst"]);
    let records = keys(&mut tx, "SELECT title_key FROM records").await;
    assert_eq!(records, ["emile\u{1}émile"]);
}
