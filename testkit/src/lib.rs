//! A complete server in the process, for tests: the real router, its own database and a manual clock.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use hallpass_testkit::TestServer;
//! use serde_json::json;
//!
//! let server = TestServer::in_memory().await;
//! let workspace = server.found("harmonia").await;
//! let ben = workspace.join("ben", json!({"role": "member"})).await;
//! assert_eq!(ben.get("/me").await.status, 200);
//! # });
//! ```

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test whose set-up fails has failed"
)]

pub mod ahead;
pub mod answer;
pub mod authenticator;
pub mod clock;
pub mod oidc_provider;
pub mod person;
pub mod proxy;
pub mod published_record;
pub mod rng;
pub mod saml_provider;
pub mod sign_in_times;
pub mod test_database;
pub mod test_server;
pub mod test_size;
pub mod test_workspace;

pub use ahead::compiles_before_it_locks;
pub use answer::Answer;
pub use clock::ManualClock;
pub use oidc_provider::OidcProvider;
pub use person::Person;
pub use proxy::Proxy;
pub use published_record::PublishedRecords;
pub use rng::Rng;
pub use saml_provider::SamlProvider;
pub use sign_in_times::SignInTimes;
pub use test_database::TestDatabase;
pub use test_server::TestServer;
pub use test_workspace::TestWorkspace;
