//! The figures of the server, for Prometheus, at an address of their own.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hallpass_app::App;
use hallpass_app::operation::Operator;
use hallpass_domain::id::WorkspaceId;
use hallpass_store::Load;
use hallpass_web::serve::{Port, bind, serve};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::{info, warn};

use crate::output::describe;

/// The upper bounds of latencies, in seconds.
const BUCKETS: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// The connections that may ask for figures.
const CONNECTIONS: usize = 16;

/// How long a request for figures may take after the server is told to stop.
const DRAIN: Duration = Duration::from_secs(1);

/// How long the mails are counted; then the figures come without them.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often what was recorded is summed up, also where none are asked for.
const UPKEEP: Duration = Duration::from_secs(5);

/// The figures, from their first on.
pub(crate) struct Metrics {
    handle: PrometheusHandle,
    port: Port,
}

impl Metrics {
    /// Begins to record, and listens.
    ///
    /// # Errors
    ///
    /// One line that says what is wrong, and what to do.
    pub(crate) async fn start(address: SocketAddr) -> Result<Metrics, String> {
        let listener = bind(address, "--metrics-listen").await?;
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS);
        let builder = builder.map_err(|error| format!("cannot record figures: {error}"))?;
        let handle = builder.install_recorder();
        let handle = handle.map_err(|error| format!("cannot record figures: {error}"))?;
        describe_all();
        Ok(Metrics {
            handle,
            port: Port { listener, tls: None, most_connections: CONNECTIONS },
        })
    }

    /// Answers until `shutdown` resolves.
    pub(crate) async fn serve(self, app: App, shutdown: impl Future<Output = ()>) {
        let Metrics { handle, port } = self;
        let upkeep = handle.clone();
        let upkeep = tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                upkeep.run_upkeep();
            }
        });
        if let Ok(address) = port.listener.local_addr() {
            info!("figures are at http://{address}/metrics");
        }
        let router = Router::new().fallback(show).with_state((app, handle));
        serve(port, router, shutdown, DRAIN).await;
        upkeep.abort();
    }
}

/// The figures now.
async fn show(State((app, handle)): State<(App, PrometheusHandle)>, uri: Uri) -> Response {
    if uri.path() != "/metrics" {
        return StatusCode::NOT_FOUND.into_response();
    }
    match tokio::time::timeout(PATIENCE, measure_mails(&app)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => warn!("cannot count the mails that wait: {}", describe(&error)),
        // Under overload the other figures are what is asked for.
        Err(_) => warn!("cannot count the mails that wait: the database is busy"),
    }
    let load = app.db().load();
    measure(&app, &load);
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    ([kind], handle.render() + &throttled(&load)).into_response()
}

/// The refusals of each workspace. They are no counter of the recorder, which would keep every workspace that
/// was ever refused anything.
fn throttled(load: &Load) -> String {
    let name = "hallpass_database_throttled_total";
    let mut text = format!(
        "# HELP {name} Refused reads and writes, by workspace; the nil id is of no workspace.\n\
         # TYPE {name} counter\n"
    );
    for (workspace, refused) in &load.throttled {
        let workspace = WorkspaceId(*workspace);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}{{workspace=\"{workspace}\"}} {refused}");
    }
    text
}

/// Takes the figures of the mail queue.
#[expect(clippy::cast_precision_loss, reason = "a figure of 2^53 is not exact")]
async fn measure_mails(app: &App) -> Result<(), hallpass_app::Error> {
    let mails = app.mails().count_as(&Operator::new("metrics")).await?;
    let waited = mails
        .oldest
        .map_or(0, |oldest| app.now().as_seconds().saturating_sub(oldest.as_seconds()).max(0));
    gauge!("hallpass_mails_waiting").set(mails.queued as f64);
    gauge!("hallpass_mails_waiting_seconds").set(waited as f64);
    gauge!("hallpass_mails_given_up").set(mails.failed as f64);
    Ok(())
}

/// Takes the figures that are states rather than events.
#[expect(clippy::cast_precision_loss, reason = "a figure of 2^53 is not exact")]
fn measure(app: &App, load: &Load) {
    let snapshots = app.snapshot_usage();
    gauge!("hallpass_snapshots").set(snapshots.workspaces as f64);
    gauge!("hallpass_snapshots_bytes").set(snapshots.bytes as f64);
    measure_database(load);
}

/// What the database has to do.
#[expect(clippy::cast_precision_loss, reason = "a figure of 2^53 is not exact")]
fn measure_database(load: &Load) {
    gauge!("hallpass_database_connections_in_use").set(load.connections_in_use as f64);
    gauge!("hallpass_database_connections_waiting").set(load.connections_waiting as f64);
    gauge!("hallpass_database_heavy_reads_running").set(load.heavy_running as f64);
    gauge!("hallpass_database_heavy_reads_waiting").set(load.heavy_waiting as f64);
    let (writers, micros) = load.writer_waits;
    for (name, total) in [
        ("hallpass_database_statements_total", load.statements_total),
        ("hallpass_database_heavy_reads_total", load.heavy_total),
        ("hallpass_database_refused_total", load.refused_total),
        ("hallpass_database_too_slow_total", load.too_slow_total),
        ("hallpass_database_abandoned_total", load.abandoned_total),
        ("hallpass_database_writers_total", writers),
        ("hallpass_database_writer_wait_microseconds_total", micros),
    ] {
        counter!(name).absolute(total);
    }
}

fn describe_all() {
    describe_counter!("hallpass_http_requests_total", "Requests that were answered.");
    describe_gauge!("hallpass_http_requests_in_flight", "Requests that are being answered.");
    describe_histogram!(
        "hallpass_http_request_duration_seconds",
        Unit::Seconds,
        "The time until an answer begins."
    );
    describe_counter!("hallpass_decisions_total", "Questions of the decision API, by answer.");
    describe_counter!(
        "hallpass_snapshot_loads_total",
        "Snapshots of workspaces that requests took, from the cache or compiled."
    );
    describe_gauge!("hallpass_snapshots", "Workspaces in the cache of snapshots.");
    describe_gauge!("hallpass_snapshots_bytes", Unit::Bytes, "The size of their snapshots.");
    describe_gauge!(
        "hallpass_database_connections_in_use",
        "Connections to the database that transactions have."
    );
    describe_gauge!(
        "hallpass_database_connections_waiting",
        "Transactions that wait for a connection."
    );
    describe_gauge!("hallpass_database_heavy_reads_running", "Reads of much that run.");
    describe_gauge!("hallpass_database_heavy_reads_waiting", "Reads of much that wait.");
    describe_counter!("hallpass_database_statements_total", "Statements that began to run.");
    describe_counter!(
        "hallpass_database_heavy_reads_total",
        "Reads that turned out to be of much."
    );
    describe_counter!(
        "hallpass_database_refused_total",
        "Transactions that were refused with 503 `busy`."
    );
    describe_counter!(
        "hallpass_database_too_slow_total",
        "Statements that were ended over their budget, with 503 `too_slow`."
    );
    describe_counter!(
        "hallpass_database_abandoned_total",
        "Statements that were ended since their request had gone."
    );
    describe_counter!("hallpass_database_writers_total", "Transactions that write.");
    describe_counter!(
        "hallpass_database_writer_wait_microseconds_total",
        "How long they have waited for others, in all."
    );
    describe_gauge!("hallpass_mails_waiting", "Mails that wait to be sent.");
    describe_gauge!(
        "hallpass_mails_waiting_seconds",
        Unit::Seconds,
        "How long the oldest of them has waited."
    );
    describe_gauge!("hallpass_mails_given_up", "Mails that could not be sent.");
    describe_counter!("hallpass_mails_total", "Mails that left the queue, by outcome.");
}
