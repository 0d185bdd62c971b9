//! Members: one for an account in a workspace, listed by name, with their teams.

use hallpass_domain::id::{AccountId, DepartmentId, MemberId, TeamId};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_domain::team::Team;
use hallpass_domain::time::Span;
use hallpass_engine::{Sharing, Visibility};
use hallpass_store::member::{MemberPosition, MemberQuery, name_key};
use hallpass_store::{Error, WorkspaceTx};

use crate::accounts::{NOW, sign_up};
use crate::fixture::{Fixture, id, insert_workspace};
use crate::record::Rng;

contract! {
    every: [
        a_member_is_read_as_inserted,
        an_account_has_one_member_in_a_workspace,
        there_is_one_billing_contact,
        a_member_of_an_old_version_is_not_updated,
        members_are_listed_by_name_page_by_page,
        filters_find_members,
        the_index_finds_what_comparing_every_member_finds,
        a_member_gets_the_new_name_of_the_account,
        members_of_a_removed_manager_are_unassigned,
        members_of_another_workspace_are_not_found,
    ],
    persistent: [
        no_account_is_deleted_while_orphaned_members_are_listed,
    ],
}

pub(crate) fn member(number: u128, first_name: &str) -> Member {
    Member {
        id: MemberId(id(number)),
        account: Some(AccountId(id(number + 1_000))),
        first_name: first_name.to_owned(),
        last_name: "Müller".to_owned(),
        email: format!("{}@example.com", first_name.to_lowercase()),
        status: Status::Active,
        access: MemberAccess {
            role: "member".to_owned(),
            levels: vec![("inbox".to_owned(), "reply".to_owned())],
            visibility: Visibility::Department,
            department: Some(DepartmentId(id(50))),
            manager: None,
            teams: Vec::new(),
            is_billing_contact: false,
        },
        alias: None,
        landing: Some("inbox".to_owned()),
        joined_at: NOW,
        role_since: NOW,
        role_by: Some(MemberId(id(70))),
        seen_at: None,
        version: 1,
    }
}

fn team(number: u128) -> Team {
    Team {
        id: TeamId(id(number)),
        name: Name::parse(&format!("Team {number}")).unwrap(),
        description: String::new(),
        profile: None,
        sharing: Sharing::All,
        version: 1,
    }
}

async fn enter(fixture: &Fixture) -> WorkspaceTx {
    let workspace = insert_workspace(&fixture.db, 1).await;
    fixture.db.write_in(workspace).await.unwrap().unwrap()
}

async fn add(tx: &mut WorkspaceTx, names: &[&str]) -> Vec<Member> {
    let mut members = Vec::new();
    for (number, name) in (1..).zip(names) {
        let member = member(number, name);
        tx.members().insert(&member).await.unwrap();
        members.push(member);
    }
    members
}

async fn a_member_is_read_as_inserted(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    for number in [7, 8] {
        tx.teams().insert(&team(number)).await.unwrap();
    }
    let mut anna = member(1, "Anna");
    anna.access.teams = vec![TeamId(id(7)), TeamId(id(8))];
    tx.members().insert(&anna).await.unwrap();

    assert_eq!(tx.members().find(anna.id).await.unwrap(), Some(anna.clone()));
    assert_eq!(
        tx.members().find_by_account(anna.account_or_own_id()).await.unwrap(),
        Some(anna.clone())
    );
    assert_eq!(tx.members().list_all().await.unwrap(), [anna.clone()]);
    let membership =
        tx.members().find_membership(anna.account_or_own_id()).await.unwrap().unwrap();
    assert_eq!((membership.id, membership.name.as_str()), (anna.id, "Anna Müller"));

    let mut after = Member { status: Status::Removed, seen_at: Some(NOW), ..anna };
    after.access.teams = vec![TeamId(id(8))];
    assert!(tx.members().update(&after).await.unwrap());
    let stored = tx.members().find(after.id).await.unwrap();
    assert_eq!(stored, Some(Member { version: 2, ..after }));
    assert_eq!(tx.members().list_all().await.unwrap(), []);
}

async fn an_account_has_one_member_in_a_workspace(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let anna = add(&mut tx, &["Anna"]).await.remove(0);

    let again = Member { account: anna.account, ..member(2, "Anna") };

    assert!(matches!(tx.members().insert(&again).await, Err(Error::Conflict(_))));
}

async fn there_is_one_billing_contact(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let mut members = add(&mut tx, &["Anna", "Ben"]).await;
    for member in &mut members {
        member.access.is_billing_contact = true;
    }
    assert!(tx.members().update(&members[0]).await.unwrap());

    assert!(matches!(tx.members().update(&members[1]).await, Err(Error::Conflict(_))));
}

async fn a_member_of_an_old_version_is_not_updated(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let anna = add(&mut tx, &["Anna"]).await.remove(0);
    assert!(tx.members().update(&anna).await.unwrap());

    assert!(!tx.members().update(&anna).await.unwrap());
}

async fn members_are_listed_by_name_page_by_page(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let people =
        ["dora", "Anna", "Érik", "Zora", "ben", "Cleo", "Ädam", "Øyvind", "Emil", "Pia"];
    add(&mut tx, &people).await;
    let query = MemberQuery::default();
    let mut names = Vec::new();
    let mut place = None;
    loop {
        let page = tx.members().list(&query, place.as_ref(), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        place = Some(MemberPosition {
            name_key: name_key(&last.first_name, &last.last_name),
            id: last.id,
        });
        names.extend(page.into_iter().map(|member| member.first_name));
    }
    let sorted =
        ["Ädam", "Anna", "ben", "Cleo", "dora", "Emil", "Érik", "Øyvind", "Pia", "Zora"];
    assert_eq!(names, sorted);
    assert_eq!(tx.members().count(&query).await.unwrap(), 10);
}

async fn filters_find_members(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    tx.teams().insert(&team(7)).await.unwrap();
    let mut members = add(&mut tx, &["Anna", "Ben", "Cleo_100%"]).await;
    members[1].status = Status::Inactive;
    members[1].access.teams = vec![TeamId(id(7))];
    members[1].access.department = None;
    members[1].alias = Name::parse("Support desk").ok();
    "admin".clone_into(&mut members[2].access.role);
    for member in &members[1..] {
        assert!(tx.members().update(member).await.unwrap());
    }
    // Anna was here after all of them joined.
    let later = NOW + Span::seconds(1);
    tx.members().update_seen_at(members[0].id, later).await.unwrap();
    let unseen = |from| MemberQuery { unseen_from: Some(from), ..MemberQuery::default() };
    let text =
        |text: &str| MemberQuery { text: Some(text.to_owned()), ..MemberQuery::default() };
    let status = |status| MemberQuery { status: Some(status), ..MemberQuery::default() };
    for (query, expected) in [
        (text("ANNA"), "Anna"),
        (text("ben@example"), "Ben"),
        (text("MÜLLER"), "Anna Ben Cleo_100%"),
        (text("support d"), "Ben"),
        (MemberQuery { has_alias: true, ..MemberQuery::default() }, "Ben"),
        (text("_"), "Cleo_100%"),
        (text("%"), "Cleo_100%"),
        (text("unknown"), ""),
        (MemberQuery { name: Some("BEN".to_owned()), ..MemberQuery::default() }, "Ben"),
        (MemberQuery { name: Some("example".to_owned()), ..MemberQuery::default() }, ""),
        (status(Status::Inactive), "Ben"),
        (status(Status::Active), "Anna Cleo_100%"),
        (MemberQuery { role: Some("admin".to_owned()), ..MemberQuery::default() }, "Cleo_100%"),
        (MemberQuery { team: Some(TeamId(id(7))), ..MemberQuery::default() }, "Ben"),
        (
            MemberQuery { department: Some(DepartmentId(id(50))), ..MemberQuery::default() },
            "Anna Cleo_100%",
        ),
        (MemberQuery { text: Some("b".to_owned()), ..status(Status::Inactive) }, "Ben"),
        (unseen(NOW), ""),
        (unseen(later), "Ben Cleo_100%"),
    ] {
        let page = tx.members().list(&query, None, 50).await.unwrap();
        let names: Vec<String> = page.into_iter().map(|member| member.first_name).collect();
        assert_eq!(names.join(" "), expected, "{query:?}");
        let count = tx.members().count(&query).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), names.len());
    }
}

/// The members whom a query finds, by id.
async fn found(tx: &mut WorkspaceTx, query: &MemberQuery) -> Vec<MemberId> {
    let listed = tx.members().list(query, None, 10_000).await.unwrap();
    let count = tx.members().count(query).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), listed.len());
    listed.into_iter().map(|member| member.id).collect()
}

async fn the_index_finds_what_comparing_every_member_finds(fixture: Fixture) {
    let mut rng = Rng::new(7);
    insert_workspace(&fixture.db, 2).await;
    let mut tx = fixture.db.write_in(id(2)).await.unwrap().unwrap();
    tx.members().insert(&member(500, "Annabel")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = enter(&fixture).await;
    let letters = ["a", "n", "A", "é", "ß", "%", "_", "\"", "'", " ", "🦀", "*", "-", "Ö"];
    let word = |rng: &mut Rng, most: u64| -> String {
        (0..=rng.below(most)).map(|_| rng.one_of(&letters)).collect()
    };
    let mut members = Vec::new();
    for number in 1..=120 {
        let name = format!("x{}", word(&mut rng, 7));
        let made = Member { last_name: word(&mut rng, 9), ..member(number, &name) };
        tx.members().insert(&made).await.unwrap();
        members.push(made);
    }
    let mut narrowed_some = 0;
    for step in 0..150 {
        let place = usize::try_from(rng.below(120)).unwrap();
        match step % 5 {
            0 => {
                let (first, last) = (word(&mut rng, 8), word(&mut rng, 8));
                tx.members()
                    .update_name(members[place].account_or_own_id(), &first, &last)
                    .await
                    .unwrap();
                (members[place].first_name, members[place].last_name) = (first, last);
            }
            1 => {
                members[place].email = format!("{}@example.com", word(&mut rng, 6));
                tx.members().update_email(&members[place]).await.unwrap();
            }
            2 => {
                let status = rng.one_of(&[Status::Active, Status::Inactive, Status::Removed]);
                let version = members[place].version;
                members[place].status = status;
                assert!(tx.members().update(&members[place]).await.unwrap());
                members[place].version = version + 1;
            }
            _ => {}
        }
        let text = match rng.below(3) {
            0 => word(&mut rng, 2),
            1 => word(&mut rng, 5),
            _ => members[place].email.chars().skip(1).take(4).collect(),
        };
        let status = rng.one_of(&[None, Some(Status::Active)]);
        let query = MemberQuery { text: Some(text.clone()), status, ..MemberQuery::default() };
        let narrowed = tx.members().narrowed(query.clone()).await.unwrap();
        narrowed_some += i32::from(narrowed.among.is_some());
        assert_eq!(
            found(&mut tx, &narrowed).await,
            found(&mut tx, &query).await,
            "{text:?} {status:?}"
        );
    }
    assert!(narrowed_some > 50, "{narrowed_some}");
    let text = Some("annabel".to_owned());
    let query = MemberQuery { text, ..MemberQuery::default() };
    let other = tx.members().narrowed(query).await.unwrap();
    let is_empty = other.among.is_some_and(|found| found.is_empty());
    assert!(is_empty, "those of another workspace are not found");
}

async fn a_member_gets_the_new_name_of_the_account(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let anna = Member { alias: Name::parse("Support").ok(), ..member(1, "Anna") };
    tx.members().insert(&anna).await.unwrap();

    tx.members().update_name(anna.account_or_own_id(), "Anne", "Meier").await.unwrap();

    let names = tx.members().names(&[anna.id, MemberId(id(9))]).await.unwrap();
    assert_eq!(names.get(&anna.id).map(String::as_str), Some("Anne Meier"));
    assert_eq!(names.len(), 1);
    for text in ["meier", "support"] {
        let query = MemberQuery { text: Some(text.to_owned()), ..MemberQuery::default() };
        assert_eq!(tx.members().count(&query).await.unwrap(), 1, "{text}");
    }
    let found = tx.members().find(anna.id).await.unwrap().unwrap();
    assert_eq!(found.alias, anna.alias);
}

async fn members_of_a_removed_manager_are_unassigned(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let mut members = add(&mut tx, &["Anna", "Ben"]).await;
    members[1].access.manager = Some(members[0].id);
    assert!(tx.members().update(&members[1]).await.unwrap());

    tx.members().clear_manager(members[0].id).await.unwrap();

    let ben = tx.members().find(members[1].id).await.unwrap().unwrap();
    assert_eq!((ben.access.manager, ben.version), (None, 3));
}

async fn no_account_is_deleted_while_orphaned_members_are_listed(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1_001, "anna@example.com").await.id;
    let mut tx = enter(&fixture).await;
    let workspace = tx.workspace();
    add(&mut tx, &["Anna"]).await;
    tx.commit().await.unwrap();
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    assert_eq!(tx.members().list_orphaned_for_update().await.unwrap(), []);

    let db = fixture.db.clone();
    let mut deletion = tokio::spawn(async move {
        let mut tx = db.write().await.unwrap();
        tx.accounts().delete(anna, NOW).await.unwrap();
        tx.commit().await.unwrap();
    });
    let a_while = std::time::Duration::from_millis(300);
    let waited = tokio::time::timeout(a_while, &mut deletion).await;
    assert!(waited.is_err(), "it did not wait");
    tx.commit().await.unwrap();
    deletion.await.unwrap();

    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    assert_eq!(tx.members().list_orphaned_for_update().await.unwrap(), [MemberId(id(1))]);
}

async fn members_of_another_workspace_are_not_found(fixture: Fixture) {
    let mut tx = enter(&fixture).await;
    let anna = add(&mut tx, &["Anna"]).await.remove(0);
    tx.commit().await.unwrap();
    let other = insert_workspace(&fixture.db, 2).await;

    let mut tx = fixture.db.write_in(other).await.unwrap().unwrap();

    assert_eq!(tx.members().find(anna.id).await.unwrap(), None);
    assert_eq!(tx.members().find_by_account(anna.account_or_own_id()).await.unwrap(), None);
    assert_eq!(tx.members().list_all().await.unwrap(), []);
    assert_eq!(tx.members().count(&MemberQuery::default()).await.unwrap(), 0);
    assert!(!tx.members().update(&anna).await.unwrap());
    tx.members().insert(&anna).await.unwrap();
}
