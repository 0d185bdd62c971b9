//! The end of an export, by how its writer ends.

use super::*;

/// The pieces that arrive of an export, and whether it breaks off.
async fn received(
    writing: impl Future<Output = Result<(), Error>> + Send + 'static,
) -> (usize, bool) {
    let (lines, taken) = channel(PIECES_AHEAD);
    let writing = tokio::spawn(async move {
        for _ in 0..3 {
            lines.send(b"{}\n".to_vec()).await.unwrap();
        }
        writing.await
    });
    let parts: Vec<_> = unfold(Some((taken, writing)), next).collect().await;
    let whole = parts.iter().filter(|part| part.is_ok()).count();
    assert!(parts.iter().rev().skip(1).all(Result::is_ok), "nothing follows an error");
    (whole, whole < parts.len())
}

#[tokio::test]
async fn export_breaks_off_where_its_writer_fails_or_panics() {
    assert_eq!(received(async { Ok(()) }).await, (3, false));
    assert_eq!(received(async { Err(Error::NotSignedIn) }).await, (3, true));
    assert_eq!(received(async { panic!("a line that cannot be written") }).await, (3, true));
}
