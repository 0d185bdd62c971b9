//! The reasons of bulk jobs: worded in the language of the reader from what ended them.

use hallpass_domain::bulk_job::{BulkJob, BulkJobKind, BulkJobState, EndCause, EndReason};
use hallpass_domain::time::Timestamp;
use serde_json::Value;

use super::words;
use crate::text::{Language, Text};

/// What pages say of a cause: in English, and in German.
fn both(cause: EndCause) -> [String; 2] {
    let at = Timestamp::from_seconds(0);
    let job = BulkJob {
        id: "job_019800000000700080000000000000a1".parse().unwrap(),
        kind: BulkJobKind::Reassignment,
        state: BulkJobState::Stopped,
        member: "mbr_019800000000700080000000000000a2".parse().unwrap(),
        member_name: "Anna <b>".to_owned(),
        api_key: None,
        request: "req_1".to_owned(),
        audit: "aud_019800000000700080000000000000a3".parse().unwrap(),
        parameters: Value::Null,
        done: 0,
        total: 1,
        position: Value::Null,
        result: Value::Null,
        reason: Some(EndReason::new(cause, "the sentence of the API")),
        created_at: at,
        updated_at: at,
        ended_at: Some(at),
        run_at: at,
        failures: 0,
    };
    Language::EVERY.map(|language| words(Text { language }, &job).unwrap())
}

#[test]
fn every_cause_has_words_of_its_own_in_both_languages() {
    let causes = [
        EndCause::Cancelled { by: "Ben".to_owned() },
        EndCause::MemberGone,
        EndCause::AccountDisabled,
        EndCause::KeyGone,
        EndCause::KeyRests,
        EndCause::Denied {
            action: "Reassign".to_owned(),
            resource: "Deals".to_owned(),
            role: Some("User".to_owned()),
        },
        EndCause::Missing,
        EndCause::Failures,
    ];
    let mut seen = Vec::new();
    for cause in causes {
        let [english, german] = both(cause.clone());
        for says in [&english, &german] {
            assert!(!says.contains("the sentence"), "{cause:?}: {says}");
            assert!(!seen.contains(says), "{cause:?}: {says}");
        }
        assert_ne!(english, german);
        seen.extend([english, german]);
    }
    assert!(seen.iter().any(|says| says.contains("Ben has cancelled it")));
    assert!(seen.iter().any(|says| says.contains("„reassign“ in Deals")), "{seen:?}");
    assert!(seen.iter().any(|says| says.contains("The role User does not include it.")));
    assert!(seen.iter().any(|says| says.contains("Anna <b> hat ihn gestartet")));
}

#[test]
fn a_mistake_is_worded_by_its_code_and_an_older_reason_stays_readable() {
    let [english, german] = both(EndCause::Refused { code: Some("inactive".to_owned()) });
    assert_eq!(english, "The sentence of the API.");
    assert_eq!(german, Text { language: Language::German }.get("fault-inactive"));

    let [english, german] = both(EndCause::Refused { code: None });
    assert_eq!(english, "The sentence of the API.");
    assert_eq!(german, "Eine Regel lässt den Rest nicht zu.");

    let [english, german] = both(EndCause::Unknown);
    assert_eq!((&*english, &*german), ("The sentence of the API.", "The sentence of the API."));
}
