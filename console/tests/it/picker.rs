//! Choices of teams, departments and members: a short list is offered whole, and a long one is searched.

use std::ops::Range;

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::{Value, json};

/// Creates teams or departments, and returns their ids.
async fn create(workspace: &TestWorkspace<'_>, noun: &str, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let new = json!({"name": format!("{noun} {number:02}")});
        ids.push(workspace.anna.post(&format!("/{noun}"), new).await.expect(201).id());
    }
    ids
}

fn offered(page: &str, name: &str) -> usize {
    let select = page.split(&format!("name=\"{name}\"")).nth(1).unwrap();
    select.split("</select>").next().unwrap().matches("<option").count()
}

#[tokio::test]
async fn a_short_list_is_a_select_without_a_search() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ = create(&workspace, "departments", 50).await;

    for path in ["team/invite", "departments/new"] {
        let page = workspace.anna.open(&format!("/workspace/acme/settings/{path}")).await;
        let page = page.expect(200).text;
        assert!(!page.contains("name=\"find."), "{path}");
    }
    let page = workspace.anna.open("/workspace/acme/settings/departments/new").await;
    assert_eq!(offered(&page.text, "parent"), 51);
}

#[tokio::test]
async fn a_long_list_is_searched_and_keeps_what_is_chosen() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let departments = create(&workspace, "departments", 51).await;
    let teams = create(&workspace, "teams", 51).await;
    let anna = &workspace.anna;
    let invite = "/workspace/acme/settings/team/invite";
    let (last, chosen) = (&departments[50], &departments[7]);

    let page = anna.open(invite).await.expect(200).text;
    assert_eq!(offered(&page, "department"), 11, "none, and ten");
    assert!(page.contains("name=\"find.department\"") && page.contains("name=\"find.team\""));
    assert!(!page.contains(last.as_str()) && !page.contains(&teams[50]));

    // Without scripts, a button shows the form again with what was found.
    let form = [
        ("emails", "ana@example.com"),
        ("role", "member"),
        ("department", chosen.as_str()),
        ("has", "teams"),
        ("team", &teams[3]),
        ("find.department", "departments 50"),
        ("find.team", "teams 49"),
    ];
    let again = anna.submit(&format!("{invite}/preview"), &form).await.expect(200).text;
    assert!(again.contains(&format!("value=\"{chosen}\" selected")));
    assert!(again.contains(last.as_str()) && again.contains(&teams[49]));
    assert!(again.contains(&format!("value=\"{}\" checked", teams[3])));
    assert!(again.contains("ana@example.com") && !again.contains(&teams[20]));

    // With scripts, the options are replaced.
    let query = format!("?name=team&id=team&many=on&find.team=teams+49&team={}", teams[3]);
    let part = anna.open(&format!("/workspace/acme/pick/teams{query}")).await.expect(200).text;
    assert_eq!(part.matches("type=\"checkbox\"").count(), 2, "{part}");
    assert!(part.contains(&format!("value=\"{}\" checked", teams[3])));
    let query = format!(
        "?name=department&id=department&blank=none&find.department=50&department={chosen}"
    );
    let part = anna.open(&format!("/workspace/acme/pick/departments{query}")).await;
    let part = part.expect(200).text;
    assert_eq!(part.matches("<option").count(), 3, "{part}");
    assert!(
        part.contains(&format!("value=\"{chosen}\" selected")) && part.contains(last.as_str())
    );
    let nothing =
        anna.open("/workspace/acme/pick/departments?name=d&find.d=zzz").await.expect(200);
    assert!(nothing.text.contains("<option disabled>"), "{}", nothing.text);
}

#[tokio::test]
async fn what_was_found_is_saved() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let departments = create(&workspace, "departments", 51).await;
    let teams = create(&workspace, "teams", 51).await;
    let anna = &workspace.anna;
    let _ = workspace.invite(anna, "ben", json!({"role": "member"})).await.expect(201);
    let ben = workspace.accept_as_new("ben").await;

    let path = format!("/workspace/acme/settings/team/{}/access", ben.id);
    let page = anna.open(&path).await.expect(200).text;
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap();
    let form = [
        ("version", version.split('"').next().unwrap()),
        ("department", &departments[50]),
        ("has", "teams"),
        ("team", &teams[50]),
        ("find.team", "50"),
    ];
    let _ = anna.submit(&path, &form).await.expect(303);

    let member = anna.get(&format!("/members/{}", ben.id)).await.expect(200).body;
    assert_eq!(member["department"], Value::from(departments[50].clone()));
    assert_eq!(member["teams"][0]["id"], json!(teams[50]));
    let page = anna.open(&path).await.expect(200).text;
    assert!(page.contains(&format!("value=\"{}\" selected", departments[50])));
    assert!(page.contains(&format!("value=\"{}\" checked", teams[50])));
}

#[tokio::test]
async fn a_change_of_many_members_searches_too() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let departments = create(&workspace, "departments", 51).await;
    let anna = &workspace.anna;
    let bulk = "/workspace/acme/settings/team/bulk";

    let query = format!("?part=department&member={}", anna.id);
    let page = anna.open(&format!("{bulk}{query}")).await.expect(200).text;
    assert_eq!(offered(&page, "value"), 11);
    let found = anna.open(&format!("{bulk}{query}&find.value=50")).await.expect(200).text;
    assert!(found.contains(&departments[50]) && !found.contains(&departments[20]));

    let form = [("part", "department"), ("member", &anna.id), ("value", &departments[50])];
    let _ = anna.submit(bulk, &form).await.expect(303);
    let member = anna.get(&format!("/members/{}", anna.id)).await.expect(200);
    assert_eq!(member.body["department"], Value::from(departments[50].clone()));
}

/// Adds the members of some numbers, and returns their ids.
async fn members(
    workspace: &TestWorkspace<'_>,
    role: &str,
    numbers: Range<usize>,
) -> Vec<String> {
    let mut ids = Vec::new();
    for number in numbers {
        let name = format!("person{number:03}");
        ids.push(workspace.join(&name, json!({"role": role})).await.id);
    }
    ids
}

/// The selects of a member: the page that has one, the name of the field, and how many options stay beside those of a
/// search, and how many it has at first.
const SELECTS: [(&str, &str, usize, usize); 9] = [
    ("settings/departments/new", "manager", 1, 11),
    ("settings/departments/{department}", "manager", 1, 11),
    ("settings/departments/{department}", "member", 1, 11),
    ("settings/teams/{team}/members", "member", 1, 11),
    // The reader, who is chosen, and nine others.
    ("settings/explain", "member", 1, 10),
    // Anyone, no one, and ten.
    ("settings/explain", "owner", 2, 12),
    // A blank one, and ten without the reader.
    ("settings/billing", "to", 1, 10),
    ("settings/delete", "to", 1, 10),
    // The reader, and nine others.
    ("settings/api-keys", "member", 1, 10),
];

#[tokio::test]
async fn a_member_is_searched_where_there_are_many_and_found_without_scripts() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let department = create(&workspace, "departments", 1).await.remove(0);
    let team = create(&workspace, "teams", 1).await.remove(0);
    let path = |path: &str| path.replace("{department}", &department).replace("{team}", &team);
    let few = members(&workspace, "member", 0..3).await;
    for (page, field, _, _) in SELECTS {
        let page = anna.open(&path(page)).await.expect(200).text;
        assert!(!page.contains(&format!("name=\"find.{field}\"")), "{field}");
        assert!(few.iter().all(|id| page.contains(id.as_str())), "{field}");
    }
    let _ = members(&workspace, "member", 3..120).await;

    for (place, field, kept, first) in SELECTS {
        let page = anna.open(&path(place)).await.expect(200).text;
        assert_eq!(offered(&page, field), first, "{place} {field}");
        assert!(page.contains(&format!("name=\"find.{field}\"")), "{place} {field}");
        // Without scripts, a button shows the page again with what was found.
        let noscript = page.split(&format!("name=\"find.{field}\"")).nth(1).unwrap();
        let noscript = noscript.split("<noscript>").nth(1).unwrap();
        let attribute = |name: &str| {
            let value = noscript.split(&format!("{name}=\"")).nth(1).unwrap();
            value.split('"').next().unwrap().to_owned()
        };
        let (action, find) = (attribute("formaction"), format!("find.{field}"));
        let again = match attribute("formmethod").as_str() {
            "get" => anna.open(&format!("{action}?{find}=person110")).await,
            _ => {
                anna.submit(&action, &[("name", "departments 00"), (&find, "person110")]).await
            }
        };
        let again = again.expect(200).text;
        assert_eq!(offered(&again, field), kept + 1, "{place} {field}");
        assert!(again.contains(">Person110"), "{place} {field}");
        // With scripts, the options are replaced, and what is chosen stays.
        let query = format!("?name={field}&blank=member&{find}=person110&{field}={}", few[1]);
        let part = anna.open(&format!("/workspace/acme/pick/members{query}")).await;
        let part = part.expect(200).text;
        assert_eq!(part.matches("<option").count(), 3, "{part}");
        assert!(part.contains(&format!("value=\"{}\" selected", few[1])), "{part}");
    }
    let _ =
        workspace.anna.open("/workspace/acme/pick/members?name=m&m=mbr_1").await.expect(200);
}

#[tokio::test]
async fn who_chooses_no_member_finds_none() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    // Of no team, and so without a profile.
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    for noun in ["members", "managers"] {
        let found = cleo.open(&format!("/workspace/acme/pick/{noun}?name=m")).await.expect(403);
        assert!(!found.text.contains(&workspace.anna.id), "{noun}");
    }
}

#[tokio::test]
async fn who_only_chooses_members_finds_them_by_name() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    // Members hand their records over.
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let path = "/workspace/acme/pick/members?name=m&find.m=";
    let found = cleo.open(&format!("{path}ann")).await.expect(200).text;
    assert!(found.contains(&workspace.anna.id) && !found.contains('@'), "{found}");
    let found = cleo.open(&format!("{path}anna%40")).await.expect(200).text;
    assert!(!found.contains(&workspace.anna.id), "by an address: {found}");
    let _ = cleo.open("/workspace/acme/pick/managers?name=m").await.expect(403);
}

#[tokio::test]
async fn a_manager_is_found_among_those_who_manage() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let mut managers = Vec::new();
    for number in 0..52 {
        let joined =
            workspace.join(&format!("lead{number:02}"), json!({"role": "manager"})).await;
        managers.push(joined.id);
    }
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let path = format!("/workspace/acme/settings/team/{}/access", ben.id);

    let page = anna.open(&path).await.expect(200).text;
    assert_eq!(offered(&page, "manager"), 11, "none, and ten");
    let part = "/workspace/acme/pick/managers?name=manager&blank=manager&find.manager=";
    let found = anna.open(&format!("{part}lead51")).await.expect(200).text;
    assert!(found.contains(&managers[51]) && found.matches("<option").count() == 2, "{found}");
    let found = anna.open(&format!("{part}ben")).await.expect(200).text;
    assert!(!found.contains(&ben.id), "a user manages no one: {found}");

    let version = page.split("name=\"version\" value=\"").nth(1).unwrap();
    let form = [
        ("version", version.split('"').next().unwrap()),
        ("manager", &managers[51]),
        ("find.manager", "lead51"),
    ];
    let _ = anna.submit(&path, &form).await.expect(303);
    let page = anna.open(&path).await.expect(200).text;
    assert!(page.contains(&format!("value=\"{}\" selected", managers[51])), "{page}");
}

#[tokio::test]
async fn a_search_for_members_of_a_role_keeps_those_who_are_chosen() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let people = members(&workspace, "user", 0..3).await;
    let path = "/workspace/acme/settings/roles/manager/members";
    let query = format!("q=person002&member={}&member={}", people[0], workspace.slug);

    let page = workspace.anna.open(&format!("{path}?{query}")).await.expect(200).text;

    assert!(page.contains("hx-include=\"#candidates\""));
    assert!(page.contains(&format!("value=\"{}\" checked", people[0])), "{page}");
    assert!(page.contains(&format!("value=\"{}\">", people[2])), "{page}");
    assert!(!page.contains(&format!("value=\"{}\"", people[1])), "{page}");
}
