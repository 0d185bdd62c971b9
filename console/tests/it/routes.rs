//! Every page, generically: strangers, members of other workspaces, and members without rights.

use std::collections::BTreeSet;

use axum::http::Method;
use hallpass_console::routes;
use hallpass_domain::blueprint::SHIPPED;
use hallpass_testkit::{Person, TestServer};
use hallpass_web::Web;
use hallpass_web::routes::Route;
use hallpass_web::state::HttpConfig;
use serde_json::json;

/// The pages of workspaces.
fn pages(server: &TestServer) -> Vec<Route> {
    let web = Web::new(server.app.clone(), HttpConfig::default());
    let mut routes = routes(&web).into_list();
    routes.retain(|route| route.path.starts_with("/workspace/{ws}"));
    assert!(routes.len() > 3, "{routes:?}");
    routes
}

/// The path of a route in the workspace, with an id that nothing has for each other parameter.
fn path(route: &Route) -> String {
    let parts = route.path.replace("{ws}", "acme");
    let parts = parts.split('/').map(|part| {
        if part.starts_with('{') { "mbr_01a223a3d7f6736ca98b00ccae3ec666" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn request(person: &Person, route: &Route) -> hallpass_testkit::Answer {
    if route.method == Method::GET {
        person.open(&path(route)).await
    } else {
        person.submit(&path(route), &[]).await
    }
}

#[tokio::test]
async fn a_page_of_a_workspace_is_for_its_members() {
    let server = TestServer::in_memory().await;
    let _workspace = server.found("standard").await;
    let stranger = server.sign_up("zoe").await;
    for route in pages(&server) {
        let anonymous = request(&server.anonymous(), &route).await;
        assert_eq!(anonymous.status, 303, "{route:?}");
        assert!(anonymous.header("location").starts_with("/sign-in?next="), "{route:?}");
        let foreign = request(&stranger, &route).await;
        assert_eq!(foreign.status, 404, "{route:?}: {}", foreign.text);
        assert_eq!(foreign.header("content-type"), "text/html; charset=utf-8", "{route:?}");
        assert!(!foreign.text.contains("Acme"), "{route:?}");
    }
}

/// No page is broken for a member without rights, whatever the access model: it is shown, refused, missing,
/// or leads on.
#[tokio::test]
async fn no_page_is_broken_for_the_lowest_role_of_any_access_model() {
    for blueprint in SHIPPED {
        let id = blueprint.lines().find_map(|line| line.strip_prefix("id = ")).unwrap();
        let id = id.trim_matches('"');
        let server = TestServer::in_memory().await;
        let workspace = server.found(id).await;
        let roles = workspace.anna.get("/roles").await.expect(200);
        let lowest = roles.items().last().unwrap()["id"].as_str().unwrap().to_owned();
        let ben = workspace.join("ben", json!({"role": lowest})).await;
        for person in [&workspace.anna, &ben] {
            for route in pages(&server) {
                let answer = request(person, &route).await;
                let is_known = matches!(
                    answer.status,
                    200 | 303 | 400 | 403 | 404 | 405 | 409 | 412 | 422
                );
                assert!(is_known, "{id} {route:?}: {} {}", answer.status, answer.text);
            }
        }
    }
}

/// An address that takes only forms is opened by a reload or from the history of a browser: what people read
/// there leads to a page, and is never the problem of the API.
#[tokio::test]
async fn an_address_of_a_form_leads_to_its_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let web = Web::new(server.app.clone(), HttpConfig::default());
    let all = routes(&web).into_list();
    let has_page =
        |path: &str| all.iter().any(|one| one.method == Method::GET && one.path == path);
    let mut seen = 0;
    for route in all.iter().filter(|one| !has_page(&one.path)) {
        let answer = workspace.anna.open(&path(route)).await;
        assert_eq!(answer.status, 405, "{route:?}: {}", answer.text);
        assert_eq!(answer.header("allow"), "POST", "{route:?}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{route:?}");
        assert!(answer.text.contains("There is no page at this address"), "{route:?}");
        let main = answer.text.split("<main").nth(1).unwrap_or_default();
        let back = main.split("class=\"button\" href=\"").nth(1).unwrap_or_default();
        let back = back.split('"').next().unwrap_or_default();
        let found = workspace.anna.open(back).await;
        assert!(
            matches!(found.status, 200 | 303 | 403 | 404),
            "{route:?}: {back}: {}",
            found.status
        );
        seen += 1;
    }
    assert!(seen > 30, "{seen} addresses");
}

#[tokio::test]
async fn an_address_of_a_form_names_the_page_it_belongs_to() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let record = workspace.record(&workspace.anna, "contacts", "Acme").await;
    let record = format!("records/contacts/{record}");
    for (address, page) in [
        ("settings/domains", "settings/authentication"),
        ("settings/switches", "settings/security"),
        ("records/contacts/selection/stage", "records/contacts"),
        (&format!("{record}/share"), record.as_str()),
        (&format!("{record}/stage"), record.as_str()),
    ] {
        let answer =
            workspace.anna.open(&format!("/workspace/acme/{address}")).await.expect(405);
        let link = format!("href=\"/workspace/acme/{page}\">Back");
        assert!(answer.text.contains(&link), "{address}: {}", answer.text);
        let _ = workspace.anna.open(&format!("/workspace/acme/{page}")).await.expect(200);
    }
}

/// Answers of GET that are not a page of their own: they lead on, or are a part or a file. The question at the start of
/// single sign-on needs a provider: `console/tests/browser/sign_on.test.mjs` opens it.
const NO_PAGES: &[&str] = &[
    "/",
    "/dashboard/settings/team",
    "/operator/blueprints/{blueprint}/text",
    "/session",
    "/sso/{workspace}/{connection}/again",
    "/sso/{workspace}/{connection}/callback",
    "/sso/{workspace}/{connection}/front-channel-logout",
    "/sso/{workspace}/{connection}/logout",
    "/sso/{workspace}/{connection}/metadata",
    "/sso/{workspace}/{connection}/start",
    "/operator/mails/templates/{mail}/{language}",
    "/w/{ws}/records/{entity}/{record}",
    "/workspace/{ws}",
    "/workspace/{ws}/logo",
    "/workspace/{ws}/palette",
    "/workspace/{ws}/pictures/{member}",
    "/workspace/{ws}/pick/{noun}",
    "/workspace/{ws}/records/{entity}/owners",
    "/workspace/{ws}/settings/departments",
    "/workspace/{ws}/settings/profiles",
    "/workspace/{ws}/settings/review/csv",
    "/workspace/{ws}/settings/roles",
    "/workspace/{ws}/theme.css",
    "/workspaces/menu",
];

/// No page can be added that is not opened in a browser, in both themes and widths.
#[tokio::test]
async fn every_page_is_in_the_list_that_is_opened_in_a_browser() {
    let server = TestServer::in_memory().await;
    let web = Web::new(server.app.clone(), HttpConfig::default());
    let opened: Vec<&str> = include_str!("../browser/pages.mjs")
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("[\"")?.split('"').next())
        .collect();
    let pages: Vec<String> = routes(&web)
        .into_list()
        .into_iter()
        .filter(|route| route.method == Method::GET && !NO_PAGES.contains(&route.path.as_str()))
        .map(|route| route.path.clone())
        .collect();
    let missing: Vec<_> =
        pages.iter().filter(|path| !opened.contains(&path.as_str())).collect();
    let unknown: Vec<_> =
        opened.iter().filter(|path| !pages.iter().any(|page| page == *path)).collect();
    assert!(missing.is_empty(), "not opened by console/tests/browser/pages.mjs: {missing:#?}");
    assert!(unknown.is_empty(), "no pages: {unknown:#?}");
}

/// The rail links to exactly what opens: no link is refused.
#[tokio::test]
async fn every_link_of_the_rail_opens() {
    for blueprint in SHIPPED {
        let id = blueprint.lines().find_map(|line| line.strip_prefix("id = ")).unwrap();
        let id = id.trim_matches('"');
        let server = TestServer::in_memory().await;
        let workspace = server.found(id).await;
        let roles = workspace.anna.get("/roles").await.expect(200);
        let mut people = Vec::new();
        for (number, role) in roles.items().iter().enumerate() {
            let key = role["id"].as_str().unwrap();
            if role["is_top"] == json!(true) || role["top"] == json!(true) {
                continue;
            }
            let name = format!("p{number}");
            let sent = workspace.invite(&workspace.anna, &name, json!({"role": key})).await;
            if sent.status == 201 {
                people.push(workspace.accept_as_new(&name).await);
            }
        }
        for person in people.iter().chain([&workspace.anna]) {
            let mut faces = vec!["/workspace/acme/settings/explain".to_owned()];
            let landing = person.open("/workspace/acme").await;
            if landing.status == 303 {
                faces.push(landing.header("location"));
            }
            for face in faces {
                let page = person.open(&face).await;
                for link in links(&page.text) {
                    let answer = person.open(&link).await;
                    assert!(
                        matches!(answer.status, 200 | 303),
                        "{id} {link}: {}",
                        answer.status
                    );
                }
            }
        }
    }
}

/// The links of the rail of a page.
pub(crate) fn links(page: &str) -> Vec<String> {
    let rail =
        page.split("<div class=\"rail\"").nth(1).and_then(|rail| rail.split("</nav>").next());
    let items = rail.unwrap_or_default().split("<li><a href=\"").skip(1);
    items.filter_map(|item| item.split('"').next()).map(str::to_owned).collect()
}

/// Answers of GET that no link leads to, and why.
const WITHOUT_LINK: &[&str] = &[
    // A key opens it, and a script loads it.
    "/workspace/{ws}/palette",
    "/workspace/{ws}/pick/{noun}",
    // Parts of other pages.
    "/workspace/{ws}/logo",
    "/workspace/{ws}/pictures/{member}",
    "/workspace/{ws}/theme.css",
    // The entry of the address of mails and of the sign-in, which leads on.
    "/workspace/{ws}",
    // A dialog that the choice in a row opens when it is the top role.
    "/workspace/{ws}/settings/team/choose-top-role",
    // A dialog of what is selected in a list.
    "/workspace/{ws}/settings/team/bulk",
    // What the search of the palette finds: its form leads there.
    "/workspace/{ws}/search",
    // Steps of plans that these workspaces do not have: one to cancel, one with single sign-on.
    "/workspace/{ws}/settings/billing/cancel",
    "/workspace/{ws}/settings/authentication/new",
];

/// The links of a page into the workspace, without their queries.
fn links_of(page: &str) -> Vec<String> {
    let found = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let paths = found.filter_map(|link| link.split(['?', '#', '&']).next());
    paths.filter(|path| path.starts_with("/workspace/acme")).map(str::to_owned).collect()
}

/// Follows the links from the page where a person lands.
async fn crawl(person: &Person) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut next = vec!["/workspace/acme".to_owned()];
    while let Some(path) = next.pop() {
        // The pages of one thing are like those of the next.
        let is_file = path.contains(".css") || path.ends_with("/csv");
        if !seen.insert(path.clone()) || is_file || seen.len() > 400 {
            continue;
        }
        let page = person.open(&path).await;
        if page.status == 303 {
            next.extend(links_of(&format!("href=\"{}\"", page.header("location"))));
        }
        next.extend(links_of(&page.text).into_iter().filter(|path| !seen.contains(path)));
    }
    seen
}

/// Every page of a workspace that a member may open is reached by links from where they land, and what is
/// not covered by the access model is no page at all.
#[tokio::test]
async fn every_page_that_a_member_may_open_has_a_link() {
    let mut missing = Vec::new();
    for blueprint in SHIPPED {
        let id = blueprint.lines().find_map(|line| line.strip_prefix("id = ")).unwrap();
        let id = id.trim_matches('"');
        let server = TestServer::in_memory().await;
        let workspace = server.found(id).await;
        let roles = workspace.anna.get("/roles").await.expect(200);
        let lowest = roles.items().last().unwrap()["id"].as_str().unwrap().to_owned();
        let ben = workspace.join("ben", json!({"role": lowest})).await;
        for person in [&workspace.anna, &ben] {
            let reached = crawl(person).await;
            assert!(reached.len() > 5, "{id}: {reached:?}");
            for route in pages(&server) {
                let is_one =
                    route.method == Method::GET && route.path.matches('{').count() == 1;
                if !is_one || WITHOUT_LINK.contains(&route.path.as_str()) {
                    continue;
                }
                let path = path(&route);
                let answer = person.open(&path).await;
                if answer.status == 200 && !reached.contains(&path) {
                    missing.push(format!("{id}: {path}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no link leads to {missing:#?}");
}

/// What an access model does not have is no page; what a member may not open is refused.
#[tokio::test]
async fn a_page_that_the_access_model_does_not_have_does_not_exist() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    for page in ["dashboard", "reports"] {
        let answer = workspace.anna.open(page).await.expect(404);
        assert!(answer.text.contains("<main"), "{}", answer.text);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let roles = workspace.anna.get("/roles").await.expect(200);
    let lowest = roles.items().last().unwrap()["id"].as_str().unwrap().to_owned();
    let ben = workspace.join("ben", json!({"role": lowest})).await;
    let refused = ben.open("settings/billing").await.expect(403);
    assert!(refused.text.contains("You cannot"), "{}", refused.text);
}
