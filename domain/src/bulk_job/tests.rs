//! The states of a bulk job.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Batch, BulkJob, BulkJobKind, BulkJobState, EndCause, EndReason, MOST_FAILURES,
    MOST_RUNNING, check_room,
};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn job() -> BulkJob {
    BulkJob {
        id: Uuid::from_u128(1).into(),
        kind: BulkJobKind::Reassignment,
        state: BulkJobState::Running,
        member: Uuid::from_u128(2).into(),
        member_name: "Anna".to_owned(),
        api_key: None,
        request: "req_1".to_owned(),
        audit: Uuid::from_u128(3).into(),
        parameters: json!({"to": "unowned"}),
        done: 10,
        total: 25,
        position: json!(1),
        result: Value::Null,
        reason: None,
        created_at: NOW,
        updated_at: NOW,
        ended_at: None,
        run_at: NOW,
        failures: 0,
    }
}

fn why(text: &str) -> EndReason {
    EndReason::new(EndCause::Failures, text)
}

fn batch(next: Option<Value>) -> Batch {
    Batch { records: 5, next, result: json!({"deals": 15}) }
}

#[test]
fn a_batch_moves_a_job_on_and_forgets_failures() {
    let failed = job().after_failure(why("the disk is full"), NOW);
    let later = NOW + Span::seconds(7);

    let after = failed.after(batch(Some(json!(2))), later, later + Span::seconds(1));

    assert_eq!((after.done, after.position.clone(), after.failures), (15, json!(2), 0));
    assert_eq!((after.state, after.ended_at), (BulkJobState::Running, None));
    assert_eq!((after.result.clone(), after.updated_at), (json!({"deals": 15}), later));
    assert!(!after.is_due(later) && after.is_due(later + Span::seconds(1)));
}

#[test]
fn a_job_with_more_records_than_were_counted_has_a_higher_total() {
    let counted = BulkJob { total: 12, ..job() };
    assert_eq!(counted.after(batch(None), NOW, NOW).total, 15);
    assert_eq!(job().after(batch(None), NOW, NOW).total, 25);
}

#[test]
fn the_last_batch_ends_a_job() {
    let after = job().after(batch(None), NOW, NOW);

    assert_eq!((after.state, after.ended_at), (BulkJobState::Done, Some(NOW)));
    assert_eq!(after.reason, None);
    assert!(!after.is_due(NOW));
    assert_eq!(after.check_running(), Err(Refusal::Already { status: "done" }));
}

#[test]
fn a_job_that_fails_waits_longer_each_time_and_is_given_up() {
    let mut failing = job();
    let mut pauses = Vec::new();
    for _ in 1..MOST_FAILURES {
        failing = failing.after_failure(why("busy"), NOW);
        pauses.push((failing.run_at - NOW).0 / 1_000_000);
        assert_eq!((failing.state, failing.done), (BulkJobState::Running, 10));
    }
    assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);

    let ended = failing.after_failure(why("busy"), NOW);

    assert_eq!((ended.state, ended.ended_at), (BulkJobState::Failed, Some(NOW)));
    assert_eq!(ended.reason, Some(why("busy")));
    assert!(!ended.is_due(NOW + Span::days(1)));
}

#[test]
fn a_job_is_due_at_its_time_and_after_a_clock_that_was_ahead() {
    let paused = job().after_failure(why("busy"), NOW);
    assert!(!paused.is_due(NOW + Span::seconds(1)));
    assert!(paused.is_due(NOW + Span::seconds(2)));

    let of_a_clock_ahead = BulkJob { run_at: NOW + Span::days(400), ..job() };
    assert!(of_a_clock_ahead.is_due(NOW));
}

#[test]
fn a_job_that_ended_stays_ended() {
    for state in BulkJobState::EVERY.iter().copied() {
        let ended = job().ended(state, why("Ben was removed"), NOW);
        let is_running = state == BulkJobState::Running;
        assert_eq!(ended.is_due(NOW + Span::days(1)), is_running, "{state:?}");
        assert_eq!(ended.check_running().is_ok(), is_running, "{state:?}");
        assert_eq!((ended.done, ended.reason), (10, Some(why("Ben was removed"))));
    }
}

#[test]
fn words_are_read_as_they_are_written() {
    for state in BulkJobState::EVERY {
        assert_eq!(BulkJobState::parse(state.word()), Some(*state));
    }
    for kind in BulkJobKind::EVERY {
        assert_eq!(BulkJobKind::parse(kind.word()), Some(*kind));
    }
    assert_eq!((BulkJobState::parse("over"), BulkJobKind::parse("")), (None, None));
}

#[test]
fn a_workspace_has_so_many_jobs_at_once() {
    assert_eq!(check_room(MOST_RUNNING - 1), Ok(()));
    let Err(Refusal::Fields(errors)) = check_room(MOST_RUNNING) else { panic!("no room") };
    assert_eq!((errors[0].code, errors[0].pointer.as_str()), ("too_many_jobs", ""));
    assert!(errors[0].detail.contains("20"), "{}", errors[0].detail);
}

#[test]
fn a_reason_is_read_as_it_was_written_and_an_older_one_is_its_sentence() {
    let causes = [
        EndCause::Cancelled { by: "Anna".to_owned() },
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
        EndCause::Refused { code: Some("inactive".to_owned()) },
        EndCause::Refused { code: None },
        EndCause::Failures,
        EndCause::Unknown,
    ];
    for cause in causes {
        let reason = EndReason::new(cause, "a \"sentence\"");
        assert_eq!(EndReason::read(&reason.write()), reason);
    }
    for old in
        ["Anna has cancelled it", "", "{", "{\"cause\": \"later\", \"text\": \"x\"}", "7"]
    {
        assert_eq!(EndReason::read(old), EndReason::new(EndCause::Unknown, old));
    }
}
