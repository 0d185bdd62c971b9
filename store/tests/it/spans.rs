//! Each statement has a tracing span with its operation and its table.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::format::FmtSpan;

use crate::fixture::{Fixture, id, insert_workspace};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn check(fixture: Fixture) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_span_events(FmtSpan::NEW)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.read_in(id(1)).await.unwrap().unwrap();
    tx.teams().list_all().await.unwrap();
    drop(guard);

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let spans: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("hallpass_store"))
        .filter_map(|line| line.split_once("statement{"))
        .map(|(_, rest)| rest.split_once('}').unwrap().0)
        .collect();
    let expected = [("INSERT", "workspaces"), ("SELECT", "workspaces"), ("SELECT", "teams")];
    let expected = expected.map(|(operation, table)| {
        format!("db.operation.name=\"{operation}\" db.collection.name=\"{table}\"")
    });
    assert_eq!(spans, expected, "{text}");
}

#[tokio::test]
async fn sqlite() {
    check(Fixture::in_memory().await).await;
}

#[tokio::test]
async fn postgres() {
    check(Fixture::on_postgres().await).await;
}
