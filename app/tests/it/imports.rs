//! Imports: every record is checked before the first one is written.

use hallpass_app::dry_run::DryRun;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::change::NewRecord;
use hallpass_app::record::import::{ImportLine, Imported};
use hallpass_app::{Error, Principal};
use hallpass_domain::id::MemberId;
use hallpass_testkit::TestDatabase;
use serde_json::json;

use crate::test_server::TestServer;

#[tokio::test]
async fn a_dry_run_of_an_import_refuses_what_the_import_would() {
    let server = TestServer::on(TestDatabase::Memory).await;
    let anna = server.sign_up("anna@example.com").await;
    let workspace = server.found(&anna, "team-management", "acme").await.to_string();
    let named = json!({"name": "Acme"}).as_object().unwrap().clone();
    let right = NewRecord { fields: named, ..NewRecord::default() };
    let unknown = MemberId::from(uuid::Uuid::from_u128(1));
    let wrong = [
        NewRecord::default(),
        NewRecord { stage: Some("sold".to_owned()), ..right.clone() },
        NewRecord { owner: Some(OwnerRef::Member(unknown)), ..right.clone() },
    ];
    let import = async |principal: &Principal, records: &[NewRecord]| {
        let mut ctx = server.app.enter_to_write(principal, &workspace).await.unwrap();
        let lines = records.iter().cloned().map(|record| ImportLine { number: 0, record });
        ctx.records().import("deals", &lines.collect::<Vec<_>>()).await
    };
    let dry = || anna.clone().dry(DryRun::default());

    for wrong in wrong {
        let records = [right.clone(), wrong];
        let rehearsed = import(&dry(), &records).await;
        assert!(matches!(rehearsed, Err(Error::Refused(_))), "{rehearsed:?}");
        let done = import(&anna, &records).await;
        assert!(matches!(done, Err(Error::Refused(_))), "{done:?}");
    }

    let rehearsed = import(&dry(), &[right.clone(), right.clone()]).await;
    assert!(matches!(rehearsed, Err(Error::DryRun)), "{rehearsed:?}");
    let done = import(&anna, &[right.clone(), right]).await.unwrap();
    assert!(matches!(done, Imported::Done(2)), "{done:?}");
}
