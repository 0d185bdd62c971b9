//! The pictures of members, which every member of the workspace sees beside their names.

use std::collections::HashMap;

use data_encoding::BASE64;
use hallpass_domain::account::split_picture;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Status;

use super::Members;
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::AnyMember;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its media type: `image/png`.
    pub kind: String,
    /// The file.
    pub data: Vec<u8>,
}

impl Picture {
    /// The picture in a `data:` URL.
    #[must_use]
    pub fn of_url(url: &str) -> Option<Picture> {
        let (kind, data) = split_picture(url)?;
        let data = BASE64.decode(data.as_bytes()).ok()?;
        Some(Picture { kind: format!("image/{kind}"), data })
    }
}

impl Members<'_> {
    /// Which of some members have a picture, each with a version that is another one when the picture is.
    #[boxed]
    pub async fn pictures(
        &mut self,
        ids: &[MemberId],
    ) -> Result<HashMap<MemberId, i64>, Error> {
        let pass = self.0.check(AnyMember).await?;
        Ok(self.0.read(&pass)?.members().pictures(ids).await?)
    }

    /// Loads the picture of a member who is not removed.
    ///
    /// # Errors
    ///
    /// `Missing` for a member without one.
    #[boxed]
    pub async fn picture(&mut self, id: MemberId) -> Result<Picture, Error> {
        let pass = self.0.check(AnyMember).await?;
        let member = self.0.read(&pass)?.members().find(id).await?;
        let missing = || Error::Missing { noun: "picture" };
        let account =
            member.filter(|one| one.status != Status::Removed).and_then(|one| one.account);
        let account = account.ok_or_else(missing)?;
        let found = self.0.read(&pass)?.global().accounts().find(account).await?;
        let url = found.and_then(|account| account.picture).ok_or_else(missing)?;
        Picture::of_url(&url).ok_or_else(missing)
    }
}
