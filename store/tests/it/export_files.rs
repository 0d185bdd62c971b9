//! Files of exports: stored with the reach of their member, found by job, counted, and deleted some pieces at a time.

use hallpass_domain::export_file::ExportFile;
use hallpass_domain::id::{BulkJobId, MemberId, WorkspaceId};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::export_file::{REST, Reaches, StoredExport};
use hallpass_store::record::Reach;
use uuid::Uuid;

use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        a_file_is_stored_with_its_reach_and_its_pieces,
        files_are_counted_until_they_expire,
        an_expired_file_is_deleted_some_pieces_at_a_time,
        files_belong_to_a_workspace,
        a_reach_includes_what_it_covers,
        reaches_include_others_name_by_name,
    ],
    persistent: [],
}

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

fn job(number: u128) -> BulkJobId {
    id(number).into()
}

fn member(number: u128) -> MemberId {
    MemberId(id(100 + number))
}

fn stored(number: u128, of: u128, reach: Reaches) -> StoredExport {
    let file = ExportFile {
        job: job(number),
        member: member(of),
        bytes: 0,
        pieces: 0,
        expires_at: None,
    };
    StoredExport { file, reach }
}

fn owners(numbers: &[u128]) -> Reach {
    Reach::Owners(numbers.iter().map(|number| id(*number)).collect())
}

fn all() -> Reaches {
    Reaches::of("deals", Reach::All)
}

async fn a_file_is_stored_with_its_reach_and_its_pieces(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    let several = [
        ("a", owners(&[0, 3])),
        ("b", owners(&[0, 3])),
        ("c \"quoted\"", Reach::All),
        ("d", owners(&[7])),
        (REST, Reach::All),
    ];
    let several = several.map(|(name, reach)| (name.to_owned(), reach));
    let reaches = [
        all(),
        Reaches::default(),
        Reaches::of("deals", owners(&[1, 2, 300])),
        Reaches::from_iter(several),
    ];
    for (number, reach) in (1..).zip(reaches) {
        let mut one = stored(number, 1, reach.clone());
        tx.export_files().insert(&one).await.unwrap();
        assert_eq!(tx.export_files().find(job(number)).await.unwrap(), Some(one.clone()));
        one.file = one.file.with_piece(7).unwrap();
        one.file.expires_at = Some(NOW);
        one.reach = Reaches::of("deals", owners(&[9]));
        tx.export_files().update(&one).await.unwrap();
        assert_eq!(tx.export_files().find(job(number)).await.unwrap(), Some(one));
    }
    let found = tx.export_files().list(&[job(1), job(3), job(9)]).await.unwrap();
    let mut jobs: Vec<BulkJobId> = found.iter().map(|one| one.file.job).collect();
    jobs.sort_by_key(|job| job.0);
    assert_eq!(jobs, [job(1), job(3)]);

    let bytes: Vec<u8> = (0..=255).collect();
    tx.export_files().insert_piece(job(1), 0, bytes.clone()).await.unwrap();
    tx.export_files().insert_piece(job(1), 1, Vec::new()).await.unwrap();
    assert_eq!(tx.export_files().find_piece(job(1), 0).await.unwrap(), Some(bytes));
    assert_eq!(tx.export_files().find_piece(job(1), 1).await.unwrap(), Some(Vec::new()));
    assert_eq!(tx.export_files().find_piece(job(1), 2).await.unwrap(), None);
    assert_eq!(tx.export_files().find_piece(job(2), 0).await.unwrap(), None);
}

async fn files_are_counted_until_they_expire(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    for (number, of) in [(1, 1), (2, 1), (3, 2), (4, 2)] {
        tx.export_files().insert(&stored(number, of, all())).await.unwrap();
    }
    assert_eq!(tx.export_files().count(member(1), NOW).await.unwrap(), (2, 4));
    tx.export_files().expire(job(1), NOW + Span(1)).await.unwrap();
    assert_eq!(tx.export_files().count(member(1), NOW).await.unwrap(), (2, 4));
    assert_eq!(tx.export_files().count(member(1), NOW + Span(1)).await.unwrap(), (1, 3));

    tx.export_files().expire_of(member(2), NOW).await.unwrap();

    assert_eq!(tx.export_files().count(member(2), NOW).await.unwrap(), (0, 2));
    // It never lasts longer.
    tx.export_files().expire(job(3), NOW + Span(9)).await.unwrap();
    let found = tx.export_files().find(job(3)).await.unwrap().unwrap();
    assert_eq!(found.file.expires_at, Some(NOW));
}

async fn an_expired_file_is_deleted_some_pieces_at_a_time(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    for number in [1, 2] {
        tx.export_files().insert(&stored(number, 1, all())).await.unwrap();
        for piece in 0..3 {
            tx.export_files().insert_piece(job(number), piece, vec![1]).await.unwrap();
        }
    }
    tx.export_files().expire(job(1), NOW).await.unwrap();
    tx.export_files().expire(job(2), NOW + Span(100)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.db.write().await.unwrap();
    let key = |number| (WorkspaceId(workspace), job(number));
    let far = NOW + Span(1_000);

    assert_eq!(tx.expired_export_file(NOW - Span(1), far).await.unwrap(), None);
    assert_eq!(tx.expired_export_file(NOW, far).await.unwrap(), Some(key(1)));
    // One whose end is further away than any.
    let near = NOW + Span(50);
    assert_eq!(tx.expired_export_file(NOW - Span(1), near).await.unwrap(), Some(key(2)));
    tx.delete_export_file(key(1), 2).await.unwrap();
    assert_eq!(tx.expired_export_file(NOW, far).await.unwrap(), Some(key(1)));
    tx.delete_export_file(key(1), 2).await.unwrap();
    assert_eq!(tx.expired_export_file(NOW, far).await.unwrap(), None);
    let mut tx = tx.into_workspace(workspace).await.unwrap().unwrap();
    assert_eq!(tx.export_files().find(job(1)).await.unwrap(), None);
    assert_eq!(tx.export_files().find_piece(job(1), 2).await.unwrap(), None);
    assert_eq!(tx.export_files().find_piece(job(2), 2).await.unwrap(), Some(vec![1]));
}

async fn files_belong_to_a_workspace(fixture: Fixture) {
    let first = insert_workspace(&fixture.db, 1).await;
    let second = insert_workspace(&fixture.db, 2).await;
    let mut tx = fixture.db.write_in(first).await.unwrap().unwrap();
    tx.export_files().insert(&stored(1, 1, all())).await.unwrap();
    tx.export_files().insert_piece(job(1), 0, vec![1]).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = fixture.db.write_in(second).await.unwrap().unwrap();

    assert_eq!(tx.export_files().find(job(1)).await.unwrap(), None);
    assert_eq!(tx.export_files().find_piece(job(1), 0).await.unwrap(), None);
    assert_eq!(tx.export_files().list(&[job(1)]).await.unwrap(), []);
    assert_eq!(tx.export_files().count(member(1), NOW).await.unwrap(), (0, 0));
    tx.export_files().expire(job(1), NOW).await.unwrap();
    tx.export_files().expire_of(member(1), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.db.write_in(first).await.unwrap().unwrap();
    let left = tx.export_files().find(job(1)).await.unwrap();
    assert_eq!(left, Some(stored(1, 1, all())));
}

async fn a_reach_includes_what_it_covers(_: Fixture) {
    let every: [Reach; 5] =
        [Reach::All, Reach::Nothing, owners(&[1]), owners(&[1, 3]), owners(&[2])];
    let owned: Vec<Uuid> = (1..=4).map(id).collect();
    for mine in &every {
        for theirs in &every {
            // Owner by owner, and those whom neither names.
            let covers = |reach: &Reach, owner: &Uuid| match reach {
                Reach::All => true,
                Reach::Nothing => false,
                Reach::Owners(owners) => owners.contains(owner),
            };
            let expected = owned.iter().all(|one| covers(mine, one) || !covers(theirs, one));
            assert_eq!(mine.includes(theirs), expected, "{mine:?} {theirs:?}");
        }
    }
}

async fn reaches_include_others_name_by_name(_: Fixture) {
    let reaches = |pairs: &[(&str, Reach)]| {
        pairs.iter().map(|(name, reach)| ((*name).to_owned(), reach.clone())).collect()
    };
    let both: Reaches = reaches(&[("deals", Reach::All), ("contacts", owners(&[1, 2]))]);
    let check = |mine: &[(&str, Reach)], expected: bool| {
        let mine: Reaches = reaches(mine);
        assert_eq!(mine.includes(&both), expected, "{mine:?}");
        assert!(mine.includes(&mine) && mine.includes(&Reaches::default()), "{mine:?}");
    };

    check(&[("deals", Reach::All), ("contacts", owners(&[1, 2]))], true);
    check(
        &[("deals", Reach::All), ("contacts", owners(&[1, 2, 3])), ("more", owners(&[4]))],
        true,
    );
    check(&[("deals", Reach::All), ("contacts", Reach::All)], true);
    check(&[("deals", Reach::All), ("contacts", owners(&[1]))], false);
    check(&[("deals", owners(&[1, 2])), ("contacts", Reach::All)], false);
    check(&[("deals", Reach::All)], false);
    check(&[], false);
    // What has no name.
    check(&[(REST, Reach::All)], true);
    check(&[(REST, Reach::All), ("contacts", Reach::Nothing)], false);
    check(&[(REST, owners(&[1, 2])), ("deals", Reach::All)], true);
    let rest: Reaches = reaches(&[(REST, Reach::All)]);
    assert!(!both.includes(&rest) && rest.includes(&rest));
}
