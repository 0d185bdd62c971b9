//! Groups of the provider that give roles and teams: what they give, to whom, and how far.

use hallpass_app::operation::Operator;
use hallpass_testkit::test_server::PASSWORD;
use hallpass_testkit::{Answer, Person, TestWorkspace};
use serde_json::{Value, json};

use super::scene::{Connection, Scene, leave};

/// A workspace of an access model in which groups give roles, with a proven domain.
async fn workspace(scene: &Scene) -> TestWorkspace<'_> {
    let workspace = scene.server.found("standard").await;
    scene.prove(&workspace.anna).await;
    workspace
}

async fn team(workspace: &TestWorkspace<'_>, name: &str) -> String {
    workspace.anna.post("/teams", json!({"name": name})).await.expect(201).id()
}

fn rules(rules: impl Into<Value>) -> Value {
    json!({"rules": rules.into()})
}

async fn map(person: &Person, connection: &Connection<'_>, mapping: Value) -> Answer {
    person.put(&format!("/sso/{}/groups", connection.id()), mapping).await
}

fn claims(name: &str, groups: &[&str]) -> Value {
    json!({
        "sub": format!("{name}-1"), "email": format!("{name}@northwind.example"),
        "name": format!("{name} Northwind"), "groups": groups,
    })
}

/// A member as the workspace has them, by address.
async fn member(workspace: &TestWorkspace<'_>, name: &str) -> Value {
    let found = workspace.anna.get(&format!("/members?q={name}@northwind")).await.expect(200);
    found.items().first().cloned().unwrap_or_default()
}

/// Sets a password by a link of a mail; returns the person in a session of the account itself.
async fn set_password(scene: &Scene, email: &str) -> Person {
    let anonymous = scene.server.anonymous();
    let reset = json!({"email": email});
    let _ = anonymous.post("/api/v1/password-resets", reset).await.expect(204);
    let token = scene.server.last_token("password_reset", email).await;
    let password = json!({"password": PASSWORD});
    let path = format!("/api/v1/password-resets/{token}");
    let _ = anonymous.put(&path, password).await.expect(204);
    let person = scene.server.anonymous();
    let credentials = json!({"email": email, "password": PASSWORD});
    let _ = person.post("/api/v1/sessions", credentials).await.expect(201);
    person
}

/// Who may write rules beside the owner: everything of an Admin, made a manager of sign-in.
async fn admin(workspace: &TestWorkspace<'_>) -> Person {
    workspace.join("otto", json!({"role": "admin"})).await
}

#[tokio::test]
async fn groups_give_a_role_and_teams_which_follow_them() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let (sales, support) = (team(&workspace, "Sales").await, team(&workspace, "Support").await);
    let mapping = rules(json!([
        {"group": "leads", "role": "manager", "teams": ["Sales"]},
        {"group": "staff", "role": "member"},
        {"group": "support", "teams": [support]},
    ]));
    let saved = map(&workspace.anna, &connection, mapping).await.expect(200);
    assert_eq!(saved.body["rules"][0]["teams"], json!([sales]));
    assert_eq!(saved.body["rules"][0]["lapse"], Value::Null);

    // Without a group of the mapping, there is no way in.
    let page = connection.refused(&claims("cara", &["others", "Leads", "staff "])).await;
    assert!(page.contains("not invited"), "{page}");
    let (_, answer) = connection.sign_in(&claims("ben", &["staff", "leads", "support"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let ben = member(&workspace, "ben").await;
    assert_eq!(ben["role"], "manager");
    let teams = |member: &Value| {
        let mut teams = member["teams"].as_array().unwrap().clone();
        teams.sort_by_key(|team| team["id"].as_str().unwrap().to_owned());
        teams.iter().map(|team| team["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut both = vec![sales.clone(), support.clone()];
    both.sort();
    assert_eq!(teams(&ben), both);

    // The groups change, and with them what they gave.
    let (_, answer) = connection.sign_in(&claims("ben", &["staff"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let ben = member(&workspace, "ben").await;
    assert_eq!((&ben["role"], teams(&ben)), (&json!("member"), Vec::new()));

    // Without a group that gives a role, the membership ends, and stays ended.
    for groups in [&["support"][..], &["leads"]] {
        let page = connection.refused(&claims("ben", groups)).await;
        assert!(page.contains("sign-on") || page.contains("member"), "{page}");
    }
    let ben = member(&workspace, "ben").await;
    assert_eq!(ben["status"], "inactive");
    let log = workspace.anna.get("/audit?action=member.deactivate").await.expect(200);
    assert_eq!(log.items()[0]["actor_name"], "single sign-on");
}

#[tokio::test]
async fn a_role_that_a_person_gave_stays_and_teams_are_added() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let (sales, own) = (team(&workspace, "Sales").await, team(&workspace, "Own").await);
    let mapping = rules(json!([{"group": "staff", "role": "manager", "teams": [sales]}]));
    let _ = map(&workspace.anna, &connection, mapping).await.expect(200);
    let invitation =
        json!({"email": "ben@northwind.example", "role": "member", "teams": [own]});
    let _ = workspace.anna.post("/invitations", invitation).await.expect(201);

    // The invitation decides.
    let (_, answer) = connection.sign_in(&claims("ben", &["staff"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let ben = member(&workspace, "ben").await;
    assert_eq!((&ben["role"], ben["teams"].as_array().unwrap().len()), (&json!("member"), 2));
    // Leaving the group takes what it gave, and neither the role nor the own team.
    let (_, answer) = connection.sign_in(&claims("ben", &[])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let ben = member(&workspace, "ben").await;
    assert_eq!((&ben["role"], &ben["status"]), (&json!("member"), &json!("active")));
    assert_eq!(ben["teams"].as_array().unwrap().len(), 1);
    assert_eq!(ben["teams"][0]["id"], json!(own));

    // A role that the groups gave is the person's own once a member changes it.
    let (_, answer) = connection.sign_in(&claims("cara", &["staff"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let cara = member(&workspace, "cara").await;
    let path = format!("/members/{}", cara["id"].as_str().unwrap());
    let _ = workspace.anna.patch(&path, json!({"role": "admin"})).await.expect(200);
    for groups in [&["staff"][..], &[]] {
        let (_, answer) = connection.sign_in(&claims("cara", groups)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(member(&workspace, "cara").await["role"], "admin");
    }
}

#[tokio::test]
async fn a_rule_gives_at_most_what_its_author_may_give() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let otto = admin(&workspace).await;

    // No member maps a group to the top role, and an Admin maps none to what an Admin may not give.
    let top = rules(json!([{"group": "owners", "role": "owner"}]));
    map(&workspace.anna, &connection, top).await.refused(422, "invalid");
    let accounts = json!({"name": "Accounts", "grants": ["billing:read,update:all"]});
    let accounts = workspace.anna.post("/roles", accounts).await.expect(201).id();
    let books = rules(json!([{"group": "books", "role": accounts}]));
    let by_otto = map(&otto, &connection, books.clone()).await;
    assert!(by_otto.status == 403, "{}", by_otto.text);
    let by_owner =
        json!([{"group": "books", "role": accounts}, {"group": "staff", "role": "member"}]);
    let saved = map(&workspace.anna, &connection, rules(by_owner)).await.expect(200);
    let anna = saved.body["rules"][0]["author"].clone();

    // What stays as it is keeps its author; what changes gets the new one.
    let changed =
        json!([{"group": "books", "role": accounts}, {"group": "staff", "role": "manager"}]);
    let saved = map(&otto, &connection, rules(changed.clone())).await.expect(200);
    assert_eq!(saved.body["rules"][0]["author"], anna);
    assert_ne!(saved.body["rules"][1]["author"], anna);
    // Another group, another claim and another provider are other things to trust.
    let widened = rules(json!([{"group": "everybody", "role": accounts}]));
    assert_eq!(map(&otto, &connection, widened).await.status, 403);
    let other_claim = json!({"claim": "nickname", "rules": changed});
    assert_eq!(map(&otto, &connection, other_claim).await.status, 403);
    let path = format!("/sso/{}", connection.id());
    let elsewhere = otto.patch(&path, json!({"issuer": "https://login.otto.example"})).await;
    assert_eq!(elsewhere.status, 403, "{}", elsewhere.text);
    let renamed = otto.patch(&path, json!({"name": "Northwind Europe"})).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
}

/// At a sign-in, a rule changes no member whom its author may not change.
#[tokio::test]
async fn a_rule_puts_nobody_in_a_team_whom_its_author_may_not_change() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let north = team(&workspace, "North").await;
    let otto = admin(&workspace).await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let staff = rules(json!([{"group": "staff", "teams": [north]}]));
    let _ = map(&otto, &connection, staff).await.expect(200);

    let mut teams = Vec::new();
    for (person, name) in [(&ben, "ben"), (&workspace.anna, "anna")] {
        let email = format!("{name}@example.com");
        let claims = json!({"sub": name, "email": email, "groups": ["staff"]});
        connection.connects(person, &claims).await;
        let path = format!("/members/{}", person.id);
        let member = workspace.anna.get(&path).await.expect(200);
        teams.push(member.body["teams"].as_array().unwrap().len());
    }

    // Anna is the owner, whom an admin does not change.
    assert_eq!(teams, [1, 0]);
}

#[tokio::test]
async fn a_rule_lapses_with_the_rights_of_its_author() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let otto = admin(&workspace).await;
    let mapping = rules(json!([{"group": "leads", "role": "manager"}]));
    let _ = map(&otto, &connection, mapping.clone()).await.expect(200);
    let (_, answer) = connection.sign_in(&claims("ben", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);

    let me = otto.get("/me").await.expect(200).text("id");
    let path = format!("/members/{me}");
    let _ = workspace.anna.patch(&path, json!({"role": "member"})).await.expect(200);

    let read = format!("/sso/{}/groups", connection.id());
    let found = workspace.anna.get(&read).await.expect(200);
    assert_eq!(found.body["rules"][0]["lapse"], "author");
    // It gives nothing, and takes nothing from those who have it.
    let page = connection.refused(&claims("cara", &["leads"])).await;
    assert!(page.contains("not invited"), "{page}");
    let (_, answer) = connection.sign_in(&claims("ben", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(member(&workspace, "ben").await["role"], "manager");

    // Who saves it as it is becomes its author.
    let saved = map(&workspace.anna, &connection, mapping).await.expect(200);
    assert_eq!(saved.body["rules"][0]["lapse"], Value::Null);
    let (_, answer) = connection.sign_in(&claims("cara", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

#[tokio::test]
async fn groups_that_the_provider_has_left_out_let_nobody_in() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([{"group": "leads", "role": "manager"}]));
    let _ = map(&workspace.anna, &connection, mapping).await.expect(200);
    let (_, answer) = connection.sign_in(&claims("ben", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);

    for (name, overage) in [
        ("ben", json!({"_claim_names": {"groups": "src1"}})),
        ("ben", json!({"hasgroups": true})),
        ("cara", json!({"_claim_names": {"groups": "src1"}})),
    ] {
        let mut claims = claims(name, &[]);
        claims.as_object_mut().unwrap().remove("groups");
        claims.as_object_mut().unwrap().extend(overage.as_object().unwrap().clone());
        let page = connection.refused(&claims).await;
        assert!(page.contains("too many"), "{page}");
    }
    assert_eq!(member(&workspace, "ben").await["status"], "active");
    // Who has their role from a person does not depend on them.
    let invitation = json!({"email": "dana@northwind.example", "role": "member"});
    let _ = workspace.anna.post("/invitations", invitation).await.expect(201);
    let mut dana = claims("dana", &[]);
    dana["hasgroups"] = json!(true);
    let (_, answer) = connection.sign_in(&dana).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

#[tokio::test]
async fn a_preview_shows_what_the_next_sign_ins_would_change() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([{"group": "leads", "role": "manager"},
        {"group": "staff", "role": "member"}]));
    let _ = map(&workspace.anna, &connection, mapping).await.expect(200);
    for (name, groups) in [("ben", &["staff"][..]), ("cara", &["leads", "staff"])] {
        let (_, answer) = connection.sign_in(&claims(name, groups)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }
    let next = rules(json!([{"group": "leads", "role": "admin"}]));
    let path = format!("/sso/{}/groups", connection.id());
    let change = json!({"change": {"method": "PUT", "path": path, "body": next}});

    let preview = workspace.anna.post("/access/preview", change).await.expect(200);

    let (ben, cara) = (member(&workspace, "ben").await, member(&workspace, "cara").await);
    let changed = preview.body["members"].as_array().unwrap();
    let of = |member: &Value| {
        changed.iter().find(|one| one["member"] == member["id"]).unwrap_or_else(|| {
            panic!("{} is not in {}", member["id"], preview.text);
        })
    };
    assert_eq!(changed.len(), 2, "{}", preview.text);
    let any = |member: &Value, what: &str| {
        of(member)["changes"].as_array().unwrap().iter().any(|one| one[what] == true)
    };
    // Ben loses everything, as no group gives him a role; Cara gains.
    assert!(any(&ben, "loses") && !any(&ben, "gains"), "{}", preview.text);
    assert!(any(&cara, "gains"), "{}", preview.text);
    // Nothing has changed, and the request that was previewed is accepted as such.
    assert_eq!((&ben["role"], &ben["status"]), (&json!("member"), &json!("active")));
    let saved = map(&workspace.anna, &connection, next).await.expect(200);
    assert_eq!(saved.body["rules"][0]["role"], "admin");
    assert_eq!(member(&workspace, "ben").await["status"], "active");
    let _ = connection.refused(&claims("ben", &["staff"])).await;
    let (_, answer) = connection.sign_in(&claims("cara", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(member(&workspace, "ben").await["status"], "inactive");
    assert_eq!(member(&workspace, "cara").await["role"], "admin");
}

/// What groups gave follows them, also for one who connects again, and does not become the person's own
/// by leaving the provider.
#[tokio::test]
async fn a_member_does_not_keep_what_groups_gave_by_connecting_anew() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([{"group": "leads", "role": "manager"},
        {"group": "staff", "role": "member"}]));
    let _ = map(&workspace.anna, &connection, mapping).await.expect(200);
    let (_, answer) = connection.sign_in(&claims("ben", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let ben = set_password(&scene, "ben@northwind.example").await;

    let path = format!(
        "/workspace/{}/profile/identities/{}/disconnect",
        workspace.slug,
        connection.id()
    );
    let refused = ben.submit(&path, &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    connection.connects(&ben, &claims("ben", &["staff"])).await;
    assert_eq!(member(&workspace, "ben").await["role"], "member");

    // A role that an Admin gives is the member's own, and nothing keeps them from leaving.
    let id = member(&workspace, "ben").await["id"].as_str().unwrap().to_owned();
    let change = json!({"role": "manager"});
    let _ = workspace.anna.patch(&format!("/members/{id}"), change).await.expect(200);
    let _ = ben.submit(&path, &[]).await.expect(303);
}

/// The first rule with a role counts: who may not give a role does not bring it forward either.
#[tokio::test]
async fn the_order_of_rules_is_changed_by_those_who_may_give_what_follows() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let otto = admin(&workspace).await;
    let accounts = json!({"name": "Accounts", "grants": ["billing:read,update:all"]});
    let accounts = workspace.anna.post("/roles", accounts).await.expect(201).id();
    let staff = json!({"group": "staff", "role": "member"});
    let books = json!({"group": "books", "role": accounts});
    let by_owner = rules(json!([staff, books]));
    let saved = map(&workspace.anna, &connection, by_owner).await.expect(200);
    let anna = saved.body["rules"][0]["author"].clone();

    for forward in [json!([books, staff]), json!([books])] {
        let refused = map(&otto, &connection, rules(forward)).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
    }
    // What comes after the other rules changes none of them.
    let more = json!([staff, books, {"group": "leads", "role": "manager"}]);
    let saved = map(&otto, &connection, rules(more)).await.expect(200);
    assert_eq!(saved.body["rules"][1]["author"], anna);
    assert_ne!(saved.body["rules"][2]["author"], anna);
    let without = json!([staff, books]);
    let saved = map(&otto, &connection, rules(without)).await.expect(200);
    assert_eq!(saved.body["rules"][1]["author"], anna);
}

/// One who has a role by groups has no second way in at which it does not follow them, and a removal
/// forgets what groups gave.
#[tokio::test]
async fn what_groups_gave_has_one_way_in_and_ends_with_the_membership() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([{"group": "leads", "role": "manager"}]));
    let _ = map(&workspace.anna, &connection, mapping).await.expect(200);
    let (_, answer) = connection.sign_in(&claims("ben", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let ben = set_password(&scene, "ben@northwind.example").await;
    let second = json!({"sub": "ben-2", "email": "ben@northwind.example", "groups": []});
    let start = connection.url("start").replace("/start", "/connect");
    let _ = ben.submit(&start, &[("next", "/")]).await.expect(200);
    let url = leave(&ben, &connection.url("start"), "connect").await;
    let refused = connection.answer(&url, &second).collect(&ben).await;
    assert_eq!(refused.status, 409, "{}", refused.text);

    // Removed and invited with the same role, they have it from the invitation.
    let id = member(&workspace, "ben").await["id"].as_str().unwrap().to_owned();
    let _ = workspace.anna.delete(&format!("/members/{id}")).await.expect(204);
    let invitation = json!({"email": "ben@northwind.example", "role": "manager"});
    let _ = workspace.anna.post("/invitations", invitation).await.expect(201);
    for _ in 0..2 {
        let (_, answer) = connection.sign_in(&claims("ben", &[])).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let ben = member(&workspace, "ben").await;
        assert_eq!((&ben["role"], &ben["status"]), (&json!("manager"), &json!("active")));
    }
}

/// A billing contact stays a member where the access model says so, and does not come in however often
/// they try.
#[tokio::test]
async fn a_billing_contact_without_groups_is_let_in_by_none() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([{"group": "leads", "role": "admin"}]));
    let _ = map(&workspace.anna, &connection, mapping).await.expect(200);
    let (_, answer) = connection.sign_in(&claims("ben", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let id = member(&workspace, "ben").await["id"].as_str().unwrap().to_owned();
    let _ = workspace.anna.post("/billing/contact", json!({"to": id})).await.expect(204);

    for _ in 0..3 {
        let page = connection.refused(&claims("ben", &[])).await;
        assert!(page.contains("no longer let you in"), "{page}");
    }
}

/// A rule of an author whose account the operator has disabled gives nothing.
#[tokio::test]
async fn a_rule_lapses_with_the_account_of_its_author() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let otto = admin(&workspace).await;
    let mapping = rules(json!([{"group": "leads", "role": "manager"}]));
    let _ = map(&otto, &connection, mapping).await.expect(200);
    let app = &scene.server.app;
    let otto = otto.get("/api/v1/me").await.expect(200).text("id").parse().unwrap();
    let operator = Operator::new("test");
    assert!(app.accounts().disable_as(&operator, otto).await.unwrap());

    let page = connection.refused(&claims("ben", &["leads"])).await;
    assert!(page.contains("not invited"), "{page}");

    assert!(app.accounts().enable_as(&operator, otto).await.unwrap());
    let (_, answer) = connection.sign_in(&claims("ben", &["leads"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
}

#[tokio::test]
async fn a_mapping_that_cannot_be_is_refused_with_the_place() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    for (wrong, pointers) in [
        (json!([{"group": "a"}]), vec!["/rules/0"]),
        (json!([{"group": "", "role": "member"}]), vec!["/rules/0/group"]),
        (json!([{"group": "a", "role": "chief"}]), vec!["/rules/0/role"]),
        (json!([{"group": "a", "teams": ["None"]}]), vec!["/rules/0/teams/0"]),
        (
            json!([{"group": "a", "role": "member"}, {"group": "a", "role": "manager"}]),
            vec!["/rules/1/group"],
        ),
    ] {
        let refused = map(&workspace.anna, &connection, rules(wrong)).await;
        refused.refused(422, "invalid");
        assert_eq!(refused.pointers(), pointers, "{}", refused.text);
    }
    let many: Vec<Value> =
        (0..201).map(|at| json!({"group": format!("g{at}"), "role": "member"})).collect();
    map(&workspace.anna, &connection, rules(many)).await.refused(422, "invalid");
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    map(&ben, &connection, rules(json!([]))).await.refused(403, "denied");
    let google = json!({
        "name": "Google", "kind": "google", "client_id": "client-1",
        "client_secret": "secret-1", "hosted_domains": ["northwind.example"],
    });
    let google = workspace.anna.post("/sso", google).await.expect(201).id();
    let path = format!("/sso/{google}/groups");
    let mapping = rules(json!([{"group": "a", "role": "member"}]));
    workspace.anna.put(&path, mapping).await.refused(422, "invalid");
}

/// HARMONIA-90: where the access model says that single sign-on creates accounts only, there is no
/// mapping.
#[tokio::test]
async fn harmonia_90_there_is_no_mapping_of_groups() {
    let scene = Scene::new().await;
    let workspace = scene.workspace().await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([{"group": "owner", "role": "member"}]));
    map(&workspace.anna, &connection, mapping).await.refused(422, "invalid");
}

/// The levels of a member, as the workspace has them.
async fn levels(workspace: &TestWorkspace<'_>, name: &str) -> Value {
    let mut levels = member(workspace, name).await["levels"].clone();
    if let Some(levels) = levels.as_object_mut() {
        levels.retain(|_, level| level != "none");
    }
    levels
}

#[tokio::test]
async fn groups_give_a_preset_or_levels_which_follow_them_on_sqlite() {
    groups_give_a_preset_or_levels_which_follow_them(&Scene::new().await).await;
}

#[tokio::test]
async fn groups_give_a_preset_or_levels_which_follow_them_on_postgres() {
    groups_give_a_preset_or_levels_which_follow_them(&Scene::on_postgres().await).await;
}

async fn groups_give_a_preset_or_levels_which_follow_them(scene: &Scene) {
    let workspace = workspace(scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([
        {"group": "marketing", "preset": "marketing"},
        {"group": "support", "levels": {"tickets": "edit", "articles": "none"}},
        {"group": "leads", "role": "manager"},
        {"group": "staff", "role": "member"},
    ]));
    let saved = map(&workspace.anna, &connection, mapping).await.expect(200);
    assert_eq!(saved.body["rules"][0]["preset"], "marketing");
    assert_eq!(saved.body["rules"][0]["levels"], json!({}));
    assert_eq!(saved.body["rules"][1]["levels"], json!({"tickets": "edit"}));
    assert_eq!(saved.body["rules"][1]["preset"], Value::Null);
    let marketing = json!({"automations": "send", "contacts": "view", "companies": "view", "articles": "edit"});
    let sign_in = async |name: &str, groups: &[&str]| {
        let (_, answer) = connection.sign_in(&claims(name, groups)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    };

    // Who joins gets them; of two rules with levels, the first counts.
    sign_in("ben", &["staff", "support", "marketing"]).await;
    assert_eq!(levels(&workspace, "ben").await, marketing);
    let log = workspace.anna.get("/audit?action=member.update").await.expect(200);
    assert_eq!(log.items()[0]["actor_name"], "single sign-on");
    // They follow the groups, to other levels, to none and back.
    sign_in("ben", &["staff", "support"]).await;
    assert_eq!(levels(&workspace, "ben").await, json!({"tickets": "edit"}));
    sign_in("ben", &["staff"]).await;
    assert_eq!(levels(&workspace, "ben").await, json!({}));
    sign_in("ben", &["staff", "marketing"]).await;
    assert_eq!(levels(&workspace, "ben").await, marketing);
    // A role without levels has none, and a preset returns with one that has them.
    sign_in("ben", &["leads", "marketing"]).await;
    assert_eq!(member(&workspace, "ben").await["role"], "manager");
    assert_eq!(levels(&workspace, "ben").await, json!({}));
    sign_in("ben", &["staff", "marketing"]).await;
    assert_eq!(levels(&workspace, "ben").await, marketing);

    // What a person chose stays, whatever the groups say.
    let path = format!("/members/{}", member(&workspace, "ben").await["id"].as_str().unwrap());
    let own = json!({"levels": {"contacts": "view"}});
    let _ = workspace.anna.patch(&path, own).await.expect(200);
    for groups in [&["staff", "marketing"][..], &["staff"]] {
        sign_in("ben", groups).await;
        assert_eq!(levels(&workspace, "ben").await, json!({"contacts": "view"}));
    }
    // Who was invited with a role keeps it, and gets levels where they have none.
    let invitation = json!({"email": "dana@northwind.example", "role": "member"});
    let _ = workspace.anna.post("/invitations", invitation).await.expect(201);
    sign_in("dana", &["support"]).await;
    assert_eq!(levels(&workspace, "dana").await, json!({"tickets": "edit"}));
    sign_in("dana", &[]).await;
    assert_eq!(levels(&workspace, "dana").await, json!({}));
}

#[tokio::test]
async fn levels_of_a_rule_are_bounded_by_its_author_and_lapse_with_their_rights() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    // Who manages sign-in and invites, and does not hold what the levels give.
    let keeper = json!({"name": "Keeper", "grants": [
        "contacts,companies,opportunities,activities,tasks,conversations,tickets,invoices:*:all",
        "articles,automations,dashboard,reports:read:all", "ask_ai:use:all",
        "team,roles,teams,authentication:*:all",
    ]});
    let keeper = workspace.anna.post("/roles", keeper).await.expect(201).id();
    let otto = workspace.join("otto", json!({"role": keeper})).await;

    let held = rules(json!([{"group": "readers", "levels": {"contacts": "view"}}]));
    let saved = map(&otto, &connection, held).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    for rule in [
        json!({"group": "publishers", "levels": {"articles": "publish"}}),
        json!({"group": "publishers", "preset": "help_center_editor"}),
    ] {
        let beyond = map(&otto, &connection, rules(json!([rule]))).await;
        assert_eq!(beyond.status, 403, "{rule}: {}", beyond.text);
    }

    let (_, answer) = {
        let staff = json!([
            {"group": "readers", "levels": {"contacts": "view"}},
            {"group": "staff", "role": "member"},
        ]);
        let _ = map(&workspace.anna, &connection, rules(staff)).await.expect(200);
        connection.sign_in(&claims("ben", &["readers", "staff"])).await
    };
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(levels(&workspace, "ben").await, json!({"contacts": "view"}));
    // The rule that stayed as it was has kept its author, and lapses with their rights.
    let path = format!("/members/{}", otto.id);
    let _ = workspace.anna.patch(&path, json!({"role": "member"})).await.expect(200);
    let read = format!("/sso/{}/groups", connection.id());
    let found = workspace.anna.get(&read).await.expect(200);
    assert_eq!(found.body["rules"][0]["lapse"], "author");
    let (_, answer) = connection.sign_in(&claims("cara", &["readers", "staff"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(levels(&workspace, "cara").await, json!({}), "it gives nothing more");
    let (_, answer) = connection.sign_in(&claims("ben", &["readers", "staff"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(levels(&workspace, "ben").await, json!({"contacts": "view"}), "and takes none");
}

#[tokio::test]
async fn a_rule_with_levels_that_the_model_lacks_is_refused_where_it_is() {
    let scene = Scene::new().await;
    let standard = workspace(&scene).await;
    let connection = scene.oidc(&standard.anna).await;
    let pointer = async |rule: Value| {
        let answer = map(&standard.anna, &connection, rules(json!([rule]))).await.expect(422);
        answer.body["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned()
    };
    let both = json!({"group": "a", "preset": "marketing", "levels": {"tickets": "edit"}});
    assert_eq!(pointer(both).await, "/rules/0/preset");
    let unknown = json!({"group": "a", "preset": "marketting"});
    assert_eq!(pointer(unknown).await, "/rules/0/preset");
    let resource = json!({"group": "a", "levels": {"tickts": "edit"}});
    assert_eq!(pointer(resource).await, "/rules/0/levels/tickts");
    let level = json!({"group": "a", "levels": {"tickets": "publish"}});
    assert_eq!(pointer(level).await, "/rules/0/levels/tickets");
    let nothing = json!({"group": "a", "levels": {"tickets": "none"}});
    assert_eq!(pointer(nothing).await, "/rules/0");
    // A role without levels takes none.
    let manager = json!({"group": "a", "role": "manager", "levels": {"tickets": "edit"}});
    assert_eq!(pointer(manager).await, "/levels");
}

#[tokio::test]
async fn the_page_of_groups_has_presets_and_levels_and_previews_them() {
    let scene = Scene::new().await;
    let workspace = workspace(&scene).await;
    let connection = scene.oidc(&workspace.anna).await;
    let mapping = rules(json!([{"group": "staff", "role": "member"}]));
    let _ = map(&workspace.anna, &connection, mapping).await.expect(200);
    let (_, answer) = connection.sign_in(&claims("ben", &["staff"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let path = format!("settings/authentication/{}/groups", connection.id());
    let page = workspace.anna.open(&path).await.expect(200);
    assert!(
        page.text.contains("name=\"preset.0\"") && page.text.contains("Help center editor")
    );
    assert!(page.text.contains("name=\"level.0.tickets\""));
    let version = page.text.split("name=\"version\" value=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap().to_owned();

    let fields = [
        ("version", version.as_str()),
        ("group.0", "staff"),
        ("role.0", "member"),
        ("preset.0", "custom"),
        ("level.0.tickets", "edit"),
        ("level.0.articles", ""),
        ("group.1", "marketing"),
        ("preset.1", "marketing"),
        ("level.1.tickets", "edit"),
    ];
    let preview = workspace.anna.submit(&format!("{path}/preview"), &fields).await.expect(200);
    assert!(preview.text.contains("ben Northwind"), "{}", preview.text);
    let _ = workspace.anna.submit(&path, &fields).await.expect(303);

    let read = format!("/sso/{}/groups", connection.id());
    let saved = workspace.anna.get(&read).await.expect(200);
    assert_eq!(saved.body["rules"][0]["levels"], json!({"tickets": "edit"}));
    assert_eq!(saved.body["rules"][1]["preset"], "marketing");
    assert_eq!(
        saved.body["rules"][1]["levels"],
        json!({}),
        "what is beside a preset is left out"
    );
    let page = workspace.anna.open(&path).await.expect(200);
    assert!(page.text.contains("<option value=\"marketing\" selected>"), "{}", page.text);
    assert!(page.text.contains("<option value=\"custom\" selected>"));
    // The form of an access model without levels has no column for them.
    assert_eq!(page.text.matches("<th scope=\"col\">Levels</th>").count(), 1);
}
