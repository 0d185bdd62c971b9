//! The settings of a workspace, by their pages.

use hallpass_testkit::TestServer;
use serde_json::json;

/// HARMONY-64: the organization logo and name are set on the General settings page.
#[tokio::test]
async fn name_slug_and_logo_are_set_on_the_general_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let page = anna.open("settings/general").await.expect(200);
    for field in ["name=\"name\"", "name=\"slug\"", "name=\"logo\"", "name=\"handbook\""] {
        assert!(page.text.contains(field), "{field}: {}", page.text);
    }

    let wrong =
        anna.submit("settings/general/name", &[("name", "New <b>"), ("slug", "A B")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    assert!(wrong.text.contains("id=\"e-slug\""), "{}", wrong.text);
    assert!(
        wrong.text.contains("value=\"New &#60;b&#62;\"")
            && wrong.text.contains("value=\"A B\"")
    );
    let logo = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg==";
    let done = anna.submit("settings/general", &[("logo", logo), ("currency", "CHF")]).await;
    assert_eq!(done.header("location"), "/workspace/acme/settings/general", "{}", done.text);
    let renamed =
        anna.submit("settings/general/name", &[("name", "Acme AG"), ("slug", "acme-ag")]).await;

    assert_eq!(renamed.header("location"), "/workspace/acme-ag/settings/general");
    let page = anna.open("/workspace/acme-ag/settings/general").await.expect(200);
    assert!(page.text.contains("value=\"Acme AG\"") && page.text.contains("value=\"CHF\""));
    assert!(page.text.contains(logo), "{}", page.text);
    let kept = anna.submit("/workspace/acme-ag/settings/general", &[("logo", "")]).await;
    assert_eq!(kept.status, 303);
    let page = anna.open("/workspace/acme-ag/settings/general").await.expect(200);
    assert!(page.text.contains(logo), "a form without another picture keeps it");
    let fields = [("logo_remove", "on")];
    let _ = anna.submit("/workspace/acme-ag/settings/general", &fields).await.expect(303);
    let page = anna.open("/workspace/acme-ag/settings/general").await.expect(200);
    assert!(!page.text.contains(logo), "{}", page.text);
}

#[tokio::test]
async fn a_form_that_is_outdated_keeps_what_was_typed_and_says_what_has_changed() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let hidden = |page: &str, name: &str| {
        let form = page.split("action=\"/workspace/acme/settings/general\"").nth(1).unwrap();
        let value = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().replace("&#38;", "&")
    };
    let page = anna.open("settings/general").await.expect(200).text;
    let (version, made_from) = (hidden(&page, "version"), hidden(&page, "made_from"));
    let theirs = "theirs ".repeat(20);
    let _ = anna.submit("settings/general", &[("handbook", &theirs)]).await.expect(303);
    let mine = |version, made_from| {
        let typed = [("handbook", "mine"), ("currency", "CHF")];
        [&[("version", version), ("made_from", made_from)][..], &typed].concat()
    };

    let sent = mine(version.as_str(), made_from.as_str());
    let refused = anna.submit("settings/general", &sent).await.expect(412).text;

    let said = "Another person saved first and changed Handbook.";
    assert!(refused.contains(said), "{refused}");
    assert!(refused.contains(">mine</textarea>") && refused.contains("value=\"CHF\""));
    // A second save, of the form as the page now has it, replaces what the first has shown.
    let (version, made_from) = (hidden(&refused, "version"), hidden(&refused, "made_from"));
    let again = mine(version.as_str(), made_from.as_str());
    let _ = anna.submit("settings/general", &again).await.expect(303);
    let saved = anna.get("/settings/general").await;
    assert_eq!(saved.text("handbook"), "mine");
}

#[tokio::test]
async fn a_form_that_is_wrong_keeps_the_version_that_its_sender_saw() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let version = |page: &str| {
        let value = page.split("name=\"version\" value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    let old = version(&anna.open("settings/branding").await.expect(200).text);
    let _ = anna.submit("settings/branding", &[("colour", "#112233")]).await.expect(303);

    let wrong = [("version", old.as_str()), ("colour", "red")];
    let refused = anna.submit("settings/branding", &wrong).await;

    assert!(matches!(refused.status, 412 | 422), "{}", refused.text);
    if refused.status == 422 {
        assert_eq!(version(&refused.text), old);
    }
}

#[tokio::test]
async fn the_colour_is_in_the_style_sheet_of_the_workspace() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    assert!(!anna.open("settings/branding").await.expect(200).text.contains("theme.css"));

    let wrong = anna.submit("settings/branding", &[("colour", "red")]).await.expect(422);
    assert!(
        wrong.text.contains("expected a colour") || wrong.text.contains("Expected a colour")
    );
    let _ = anna.submit("settings/branding", &[("colour", "#ffcc00")]).await.expect(303);

    let page = anna.open("settings/branding").await.expect(200);
    assert!(page.text.contains("href=\"/workspace/acme/theme.css?ffcc00\""), "{}", page.text);
    assert!(page.text.contains("text needs 4.5"), "{}", page.text);
    let style = anna.open("/workspace/acme/theme.css?ffcc00").await.expect(200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.text.contains("--accent: light-dark(#") && !style.text.contains("#ffcc00,"));
}

#[tokio::test]
async fn a_module_is_previewed_and_switched_off() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let page = anna.open("settings/modules").await.expect(200);
    let keys: Vec<String> = page
        .text
        .split("class=\"switch\" id=\"m-")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(keys.len() > 2, "{keys:?}");
    let version = page.text.split("name=\"version\" value=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap().to_owned();
    let mut fields = vec![("version", version.as_str())];
    fields.extend(keys.iter().skip(1).map(|key| (key.as_str(), "on")));

    let preview = [fields.clone(), vec![("preview", "1")]].concat();
    let shown = anna.submit("settings/modules", &preview).await.expect(200);
    assert!(shown.text.contains("class=\"loss\""), "{}", shown.text);
    let settings = anna.get("/settings/modules").await.expect(200);
    assert_eq!(settings.body[&keys[0]], json!(true), "a preview changes nothing");
    let _ = anna.submit("settings/modules", &fields).await.expect(303);

    let settings = anna.get("/settings/modules").await.expect(200);
    assert_eq!(settings.body[&keys[0]], json!(false));
    assert_eq!(settings.body[&keys[1]], json!(true));
}

/// HALO-222: a Security page holds two-factor authentication, session timeout and API keys.
#[tokio::test]
async fn the_security_page_says_what_holds() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;

    let page = workspace.anna.open("settings/security").await.expect(200);

    for text in ["Two-factor authentication", "Session timeout", "after 14 days", "API keys"] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(page.text.contains("href=\"/workspace/acme/settings/api-keys\""));
}

/// HALO-222: what is typed on the Security page holds, and a mistake is said beside its field.
#[tokio::test]
async fn the_security_page_saves_the_sign_in_policy() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let anna = workspace.anna.behind([192, 0, 2, 7]);
    let path = "settings/security";
    let fields = |idle, networks| {
        [
            ("idle_minutes", idle),
            ("absolute_minutes", "720"),
            ("step_up_minutes", ""),
            ("allowed_networks", networks),
        ]
    };

    let _ = anna.submit(path, &fields("30", "192.0.2.0/24\n2001:db8::/32")).await.expect(303);
    let stored = anna.get("/settings/security").await.expect(200).body;
    assert_eq!(
        stored,
        json!({"idle_minutes": 30, "absolute_minutes": 720,
            "allowed_networks": ["192.0.2.0/24", "2001:db8::/32"]})
    );
    for (idle, networks, expected) in [
        ("2", "", "from 5 to 20160"),
        ("soon", "", "whole number"),
        ("30", "office", "an address such as"),
        ("30", "198.51.100.0/24", "your own address"),
    ] {
        let refused = anna.submit(path, &fields(idle, networks)).await.expect(422);
        let text = refused.text.to_lowercase();
        assert!(text.contains(expected), "{idle} {networks}: {}", refused.text);
        assert!(text.contains(&format!("value=\"{idle}\"")), "{idle}: {}", refused.text);
    }
    assert_eq!(anna.get("/settings/security").await.expect(200).body, stored);
    let _ = anna.submit(path, &fields("", "")).await.expect(303);

    let require = "settings/security/second-factor";
    let from = |day| [("require_second_factor", day)];
    let refused = anna.submit(require, &from("2020-01-01")).await.expect(422);
    assert!(refused.text.contains("locked out"), "{}", refused.text);
    let _ = anna.submit(require, &from("2099-12-31")).await.expect(303);
    let stored = anna.get("/settings/authentication").await.expect(200).body;
    assert_eq!(stored["require_second_factor"], json!("2099-12-31"));
}

/// HARMONIA-88: SSO is configured under Settings, Authentication: the page says from which plan on.
#[tokio::test]
async fn the_authentication_page_says_what_the_plan_opens() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let anna = &workspace.anna;

    let page = anna.open("settings/authentication").await.expect(200);
    assert!(
        page.text.contains("Single sign-on") && page.text.contains("From "),
        "{}",
        page.text
    );
    let fields = [("allowed_domains", "example.com\nexample.org")];
    let _ = anna.submit("settings/authentication", &fields).await.expect(303);
    let wrong =
        anna.submit("settings/authentication", &[("allowed_domains", "no domain")]).await;

    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains(">no domain</textarea>"), "{}", wrong.text);
    let stored = anna.get("/settings/authentication").await.expect(200);
    assert_eq!(stored.body["allowed_domains"], json!(["example.com", "example.org"]));
}

#[tokio::test]
async fn a_switch_of_the_access_model_is_turned() {
    for blueprint in ["standard", "team-management", "hari"] {
        let server = TestServer::in_memory().await;
        let workspace = server.found(blueprint).await;
        let anna = &workspace.anna;
        let switches = anna.get("/settings").await.expect(200);
        let Some(first) = switches.body["known"].as_array().and_then(|all| all.first()) else {
            continue;
        };
        let (key, was) = (first["key"].as_str().unwrap(), first["on"] == json!(true));
        let mut fields = vec![("switch", key), ("page", "security")];
        if !was {
            fields.push(("on", "on"));
        }
        let _ = anna.submit("settings/switches", &fields).await.expect(303);
        let after = anna.get("/settings").await.expect(200);
        assert_eq!(after.body["switches"][key], json!(!was), "{blueprint}");
    }
}

#[tokio::test]
async fn a_connection_is_added_switched_and_removed_and_its_secret_is_not_shown() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let fields =
        [("key", "slack"), ("kind", "slack"), ("name", "Slack <b>"), ("secret", "xoxb-1")];
    let _ = anna.submit("settings/integrations", &fields).await.expect(303);

    let page = anna.open("settings/integrations").await.expect(200);
    assert!(page.text.contains("Slack &#60;b&#62;") && !page.text.contains("xoxb-1"));
    let _ = anna.submit("settings/integrations/slack", &[("do", "off")]).await.expect(303);
    let stored = anna.get("/settings/integrations").await.expect(200);
    assert_eq!(stored.body["connections"]["slack"]["enabled"], json!(false));
    let _ = anna.submit("settings/integrations/slack", &[("do", "remove")]).await.expect(303);
    let stored = anna.get("/settings/integrations").await.expect(200);
    assert_eq!(stored.body["connections"]["slack"], json!(null));
}
