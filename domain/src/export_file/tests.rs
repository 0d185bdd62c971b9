//! When the file of an export can be downloaded, and its bounds.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    ExportFile, FileReach, KEPT, MOST_BYTES, MOST_OF_MEMBER, MOST_OF_WORKSPACE, NoFile,
    check_ready, check_room,
};
use crate::bulk_job::{BulkJob, BulkJobKind, BulkJobState};
use crate::refusal::Refusal;
use crate::time::{Span, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

fn job(state: BulkJobState) -> BulkJob {
    BulkJob {
        id: Uuid::from_u128(1).into(),
        kind: BulkJobKind::Export,
        state,
        member: Uuid::from_u128(2).into(),
        member_name: "Anna".to_owned(),
        api_key: None,
        request: "req_1".to_owned(),
        audit: Uuid::from_u128(3).into(),
        parameters: json!({"entity": "deals"}),
        done: 10,
        total: 10,
        position: Value::Null,
        result: Value::Null,
        reason: None,
        created_at: NOW,
        updated_at: NOW,
        ended_at: None,
        run_at: NOW,
        failures: 0,
    }
}

fn file(expires_at: Option<Timestamp>) -> ExportFile {
    let job = Uuid::from_u128(1).into();
    ExportFile { job, member: Uuid::from_u128(2).into(), bytes: 10, pieces: 1, expires_at }
}

#[track_caller]
fn check(
    state: BulkJobState,
    file: Option<ExportFile>,
    reach: FileReach,
    expected: Result<(), NoFile>,
) {
    assert_eq!(check_ready(&job(state), file.as_ref(), reach, NOW), expected);
}

#[test]
fn a_file_is_ready_while_it_is_whole_kept_and_covered() {
    let until = |span: Span| Some(file(Some(NOW + span)));
    let (done, covered) = (BulkJobState::Done, FileReach::Covered);

    check(done, until(KEPT), covered, Ok(()));
    check(done, until(Span(1)), covered, Ok(()));
    check(done, until(KEPT), FileReach::Reduced, Err(NoFile::Outdated));
    check(done, until(Span(0)), covered, Err(NoFile::Expired));
    check(done, until(Span(0)), FileReach::Reduced, Err(NoFile::Expired));
    check(done, file(None).into(), covered, Err(NoFile::Expired));
    check(done, None, covered, Err(NoFile::Expired));
    // A clock that was ahead.
    check(done, until(Span(KEPT.0 + 1)), covered, Err(NoFile::Expired));
}

#[test]
fn an_export_that_is_not_done_has_no_file() {
    let kept = Some(file(Some(NOW + KEPT)));
    check(BulkJobState::Running, kept, FileReach::Covered, Err(NoFile::Preparing));
    for state in [BulkJobState::Stopped, BulkJobState::Cancelled, BulkJobState::Failed] {
        check(state, kept, FileReach::Covered, Err(NoFile::Ended));
    }
    let words = [NoFile::Preparing, NoFile::Outdated, NoFile::Expired, NoFile::Ended];
    assert_eq!(words.map(NoFile::word), ["preparing", "outdated", "expired", "ended"]);
}

#[test]
fn a_file_has_a_largest_size() {
    let almost = ExportFile { bytes: MOST_BYTES - 10, ..file(None) };

    let full = almost.with_piece(10).unwrap();
    assert_eq!((full.bytes, full.pieces), (MOST_BYTES, 2));
    let refused = almost.with_piece(11).unwrap_err();
    let Refusal::Fields(errors) = refused else { panic!("{refused:?}") };
    assert_eq!(errors[0].code, "too_large");
    assert!(errors[0].detail.contains("64 MiB"));
}

#[test]
fn members_and_workspaces_have_a_number_of_files_at_most() {
    let code = |refused: Result<(), Refusal>| match refused {
        Err(Refusal::Fields(errors)) => errors[0].detail.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(check_room(MOST_OF_MEMBER - 1, MOST_OF_WORKSPACE - 1), Ok(()));
    assert!(code(check_room(MOST_OF_MEMBER, 0)).starts_with("you have 5"));
    assert!(code(check_room(0, MOST_OF_WORKSPACE)).starts_with("this workspace has 20"));
}
