//! Other engines on the same questions, and the ratio of their times to ours.

use std::path::Path;

#[cfg(feature = "peers")]
pub(crate) fn measure(folder: &Path, ours: f64) -> Result<String, String> {
    use std::fmt::Write as _;
    const QUESTIONS: usize = 20_000;
    let questions = hallpass_peers::load_questions(folder)?;
    let questions = questions.get(..QUESTIONS.min(questions.len())).unwrap_or_default();
    let mut lines = String::new();
    for mut peer in hallpass_peers::peers(folder)? {
        let report = hallpass_peers::measure(&mut *peer, questions)?;
        if report.wrong > 0 {
            return Err(format!("{} answers {} questions wrongly", report.name, report.wrong));
        }
        let median = report.median_ns;
        let _ = writeln!(
            lines,
            "  {:<52} {median:>10.0} ns    {:.0} times ours; loaded in {:.0} ms; {}",
            format!("{} {}, decide", report.name, report.version),
            median / ours,
            report.load_ms,
            report.idiom,
        );
    }
    Ok(lines)
}

#[cfg(not(feature = "peers"))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as with the peers")]
pub(crate) fn measure(_: &Path, _: f64) -> Result<String, String> {
    Ok("  (built without the peers)\n".to_owned())
}
