//! A search that has looked at enough entries says so, and goes on where it stopped.

use super::*;
use crate::gate::permission::ReadAudit;
use crate::gate::tests::app;
use crate::team::TeamChange;

#[tokio::test]
async fn a_search_says_that_it_is_incomplete_and_goes_on() {
    let (app, principal) = app().await;
    for name in ["Needle", "B", "C", "D", "E", "F", "Needle two", "H"] {
        let mut ctx = app.enter_to_write(&principal, "north").await.unwrap();
        let change = TeamChange { name: Some(name.to_owned()), ..TeamChange::default() };
        ctx.teams().create(&change).await.unwrap();
    }
    let (query, words) = (AuditQuery::default(), Words::parse("needle").unwrap());
    let mut ctx = app.enter(&principal, "north").await.unwrap();
    let pass = ctx.check(ReadAudit).await.unwrap();
    let bounded = Search { reads: (2, 4), ..Search::new(&query, &words, 5) };

    let mut pages = Vec::new();
    let mut below = None;
    loop {
        let page = bounded.page(&mut ctx, &pass, below).await.unwrap();
        below = page.next;
        pages.push(page);
        if below.is_none() {
            break;
        }
    }

    // Parts become larger: many entries take few statements.
    let growing = Search { reads: (1, 1_000), ..Search::new(&query, &words, 5) };
    let before = app.db().load().statements_total;
    let page = growing.page(&mut ctx, &pass, None).await.unwrap();
    let statements = app.db().load().statements_total - before;
    assert_eq!((page.entries.len(), page.reached), (2, None));
    assert!(statements <= 6, "{statements} statements");

    let counts: Vec<usize> = pages.iter().map(|page| page.entries.len()).collect();
    assert_eq!(counts[..2], [1, 1]);
    assert_eq!(counts.iter().sum::<usize>(), 2);
    // A page that another one follows without being full says that it is incomplete.
    assert!(pages.iter().all(|page| page.next.is_some() == page.reached.is_some()));

    let whole = Search::new(&query, &words, 5).page(&mut ctx, &pass, None).await.unwrap();
    assert_eq!((whole.entries.len(), whole.next, whole.reached), (2, None, None));
    let first = Search::new(&query, &words, 1).page(&mut ctx, &pass, None).await.unwrap();
    assert_eq!(first.next, first.entries.first().map(|entry| entry.id));
    assert!(first.reached.is_none(), "it is full, not incomplete");
    let second =
        Search::new(&query, &words, 1).page(&mut ctx, &pass, first.next).await.unwrap();
    assert_eq!((second.entries.len(), second.next), (1, None));
}
