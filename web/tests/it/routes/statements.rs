//! The statements of each reading route: few, and as many in a large workspace as in a small one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hallpass_testkit::TestServer;
use serde_json::json;
use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter, SubscriberExt as _};

use super::book;
use super::scene::Scene;

/// The most statements of a request.
const MOST: usize = 8;

/// Routes that take more, or more and more. The list only gets shorter.
const EXCEPTIONS: &[&str] = &[
    "GET /workspaces/{ws}/audit/export",
    "GET /workspaces/{ws}/export",
    "GET /workspaces/{ws}/exports/{id}/file",
    "GET /workspaces/{ws}/records/{entity}/export",
    "GET /workspaces/{ws}/role-assignments/export",
];

/// Counts the spans of statements.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

struct OfStatements;

impl<S> Filter<S> for OfStatements {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        metadata.is_span() && metadata.name() == "statement"
    }
}

impl Statements {
    fn taken(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// How many statements each reading route takes, for the member with the top role. Each is asked twice, because
/// the first time can compile the policy, or fill what is in memory.
async fn count(scene: &Scene, statements: &Statements) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for route in book::api().into_iter().filter(|route| route.method == "GET") {
        let _ = scene.ask(&scene.anna, &route).await;
        statements.taken();
        let _ = scene.ask(&scene.anna, &route).await;
        counts.insert(route.name(), statements.taken());
    }
    counts
}

/// Adds some of everything that lists have.
async fn grow(scene: &Scene) {
    let anna = &scene.anna;
    for number in 0..12 {
        let owner = [scene.anna.id.as_str(), &scene.admin.id, &scene.plain.id, "unowned"]
            [number % 4]
            .to_owned();
        let name = format!("More {number}");
        let record = json!({"fields": {"name": name}, "owner": owner});
        let report = json!({"name": name, "entity": "contacts", "group_by": "owner"});
        let key = format!("things_{number}");
        let fields = json!([{"key": "name", "name": "Name", "type": "text", "required": true}]);
        let entity = json!({"key": key, "name": format!("Things {number}"), "fields": fields});
        let thing = json!({"fields": {"name": name}});
        let guest = json!({"email": format!("more{number}@example.com"), "role": "member"});
        for (path, body) in [
            ("/schema/entities", entity),
            (&format!("/records/{key}"), thing),
            ("/records/contacts", record.clone()),
            ("/records/opportunities", record),
            ("/teams", json!({"name": name})),
            ("/departments", json!({"name": name})),
            ("/roles", json!({"name": name, "grants": ["contacts:read:all"]})),
            ("/profiles", json!({"name": name, "grants": {}})),
            ("/api-keys", json!({"name": name})),
            ("/saved-reports", report),
            ("/views", json!({"name": name, "entity": "contacts"})),
            ("/invitations", guest),
        ] {
            let _ = anna.post(path, body).await.expect(201);
        }
    }
}

#[tokio::test]
async fn a_reading_request_takes_few_statements_whatever_the_size() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let statements = Statements::default();
    let layer = statements.clone().with_filter(OfStatements);
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));

    let small = count(&scene, &statements).await;
    grow(&scene).await;
    let large = count(&scene, &statements).await;
    drop(guard);

    assert!(small.values().sum::<usize>() > small.len(), "statements are counted");
    let mut many = Vec::new();
    for (route, n) in &large {
        let before = small.get(route).copied().unwrap_or_default();
        // Names are looked up as soon as there are any.
        if *n > MOST || *n > before + 1 {
            many.push((route.as_str(), before, *n));
        }
    }
    let routes: Vec<&str> = many.iter().map(|(route, _, _)| *route).collect();
    assert_eq!(
        routes, EXCEPTIONS,
        "with more than {MOST} statements, or with more in a larger workspace: {many:?}"
    );
}
