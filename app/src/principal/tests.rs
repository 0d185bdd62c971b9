//! What a request carries to its use case.

use super::*;
use crate::gate::tests::app;

#[tokio::test]
async fn a_dry_run_expects_no_version() {
    let (_, principal) = app().await;
    let principal = principal.expecting(Precondition::any_of(vec!["9".to_owned()]));
    assert!(principal.precondition().is_given());

    let dry = principal.dry(DryRun::default());

    assert!(!dry.precondition().is_given() && matches!(dry.run(), Run::Dry(_)));
}
