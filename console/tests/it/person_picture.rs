//! Pictures beside names: where they are shown, and who gets the file.

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::json;

/// Two pictures of one pixel.
const PICTURES: [&str; 2] = [
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgBwAACQAIICPDjAAAAABJRU5ErkJggg==",
];

fn url(picture: &str) -> String {
    format!("data:image/png;base64,{picture}")
}

fn file(picture: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(picture.as_bytes()).unwrap()
}

/// The addresses of pictures on a page, each once.
fn shown(page: &str) -> Vec<String> {
    let parts = page.split("class=\"avatar").skip(1);
    let mut found: Vec<String> = parts
        .filter_map(|part| part.split('>').next()?.split("src=\"").nth(1)?.split('"').next())
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[tokio::test]
async fn the_picture_of_a_member_is_beside_their_name() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let record = workspace.record(&ben, "contacts", "Zoe").await;
    let pages = [
        "settings/team".to_owned(),
        format!("settings/team/{}", ben.id),
        format!("settings/team/{}/access", ben.id),
        "settings/review".to_owned(),
        "settings/audit".to_owned(),
        "records/contacts".to_owned(),
        format!("records/contacts/{record}"),
        "search?q=ben".to_owned(),
        format!("settings/compare?by=people&before={}&after={}", ben.id, anna.id),
        "settings/explain?resource=contacts&action=read".to_owned(),
    ];
    for page in &pages {
        let page = anna.open(page).await.expect(200);
        assert!(shown(&page.text).is_empty(), "{:?}", shown(&page.text));
    }

    let mut addresses = Vec::new();
    for picture in PICTURES {
        let _ = ben.patch("/api/v1/me", json!({"picture": url(picture)})).await.expect(200);
        let address = shown(&anna.open(&pages[0]).await.expect(200).text).pop().unwrap();
        for page in &pages {
            let found = shown(&anna.open(page).await.expect(200).text);
            assert_eq!(found, std::slice::from_ref(&address), "{page}");
        }
        let loaded = anna.open(&address).await.expect(200);
        assert_eq!(loaded.header("content-type"), "image/png");
        assert!(loaded.header("cache-control").starts_with("private, max-age="));
        assert_eq!(loaded.bytes, file(picture));
        addresses.push(address);
    }
    assert_ne!(addresses[0], addresses[1], "another picture has another address");
    // Everybody sees their own on each page, at the foot of the rail.
    assert_eq!(shown(&ben.open("profile").await.expect(200).text), addresses[1..]);

    let _ = ben.patch("/api/v1/me", json!({"picture": null})).await.expect(200);
    assert!(shown(&anna.open(&pages[0]).await.expect(200).text).is_empty());
    assert_eq!(anna.open(&addresses[1]).await.status, 404);
}

#[tokio::test]
async fn a_picture_is_for_members_of_the_workspace() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let elsewhere = server.found_as("zoe", "standard", "elsewhere").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let _ = ben.patch("/api/v1/me", json!({"picture": url(PICTURES[0])})).await.expect(200);
    let path = |workspace: &TestWorkspace<'_>| {
        let slug = &workspace.slug;
        format!("/workspace/{slug}/pictures/{}?1", ben.id)
    };

    let guest = workspace.join("guest", json!({"role": "member", "visibility": "own"})).await;
    assert_eq!(guest.open(&path(&workspace)).await.status, 200);
    for (what, status) in [
        ("another workspace", elsewhere.anna.open(&path(&workspace)).await.status),
        ("another path", elsewhere.anna.open(&path(&elsewhere)).await.status),
        ("an id of no member", guest.open("/workspace/acme/pictures/mbr_1").await.status),
    ] {
        assert_eq!(status, 404, "{what}");
    }
    assert_eq!(server.anonymous().open(&path(&workspace)).await.status, 303);

    let removed = workspace.anna.delete(&format!("/members/{}", ben.id)).await;
    assert_eq!(removed.status, 204, "{}", removed.text);
    assert_eq!(guest.open(&path(&workspace)).await.status, 404);
}

#[tokio::test]
async fn the_logo_is_loaded_once_from_its_own_address() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    assert_eq!(anna.open("/workspace/acme/logo").await.status, 404);
    let mut addresses = Vec::new();
    for picture in PICTURES {
        let done = anna.submit("settings/branding", &[("logo", url(picture).as_str())]).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let page = anna.open("settings/team").await.expect(200);
        assert!(!page.text.contains(picture), "the page has the whole picture");
        let address = page.text.split("src=\"/workspace/acme/logo?").nth(1).unwrap();
        let address = format!("/workspace/acme/logo?{}", address.split('"').next().unwrap());
        let loaded = anna.open(&address).await.expect(200);
        assert_eq!(
            (loaded.header("content-type").as_str(), loaded.bytes),
            ("image/png", file(picture))
        );
        addresses.push(address);
    }
    assert_ne!(addresses[0], addresses[1]);
}
