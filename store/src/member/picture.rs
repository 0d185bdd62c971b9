//! Which members have a picture.

use std::collections::HashMap;

use hallpass_domain::id::MemberId;

use crate::error::Error;
use crate::workspace_tx::WorkspaceTx;

/// The members who have a picture, each with the version of the account.
pub type PictureVersions = HashMap<MemberId, i64>;

/// Reads the versions of the accounts of those of some members who have a picture.
pub(super) async fn versions(
    tx: &mut WorkspaceTx,
    ids: &[MemberId],
) -> Result<PictureVersions, Error> {
    if ids.is_empty() {
        return Ok(PictureVersions::new());
    }
    let dialect = tx.dialect();
    let sql = format!(
        "SELECT m.id AS id, a.version AS version FROM members m \
         JOIN accounts a ON a.id = m.account_id \
         WHERE m.workspace_id = ?1 AND m.id {} AND a.picture IS NOT NULL",
        dialect.in_ids("?2")
    );
    let rows = tx.query(&sql, &[dialect.ids(ids.iter().map(|id| id.0))]).await?;
    rows.iter().map(|row| Ok((row.id("id")?.into(), row.int("version")?))).collect()
}
