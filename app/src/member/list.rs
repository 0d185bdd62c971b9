//! Lists of members, each with the records of theirs that still need work.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_domain::record::Owner;
pub use hallpass_store::member::MemberQuery;
use hallpass_store::member::{MemberPosition, name_key};
use serde::{Deserialize, Serialize};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadMembers};
use crate::gate::{Pass, Permission};

/// In which order members come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOrder {
    /// By name.
    Name,
    /// Those with the most open records first (HARMONIA-74).
    Assignments,
}

/// Where a page of members ends: the next one goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The name by which they are sorted.
    name_key: String,
    /// The id, among those of the same name.
    id: String,
    /// How many records of theirs are open, where they are sorted by that.
    open: i64,
}

/// Where a page of members by name ends: the next one goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamePlace {
    name_key: String,
    id: String,
}

/// A page of members by name.
pub struct NamePage {
    /// The members.
    pub members: Vec<Member>,
    /// Where the next page begins, if there is one.
    pub next: Option<NamePlace>,
    /// How many there are in all.
    pub total: i64,
}

impl NamePlace {
    fn of(member: &Member) -> NamePlace {
        let name_key = name_key(&member.first_name, &member.last_name);
        NamePlace { name_key, id: member.id.to_string() }
    }

    fn read(&self) -> Option<MemberPosition> {
        Some(MemberPosition { name_key: self.name_key.clone(), id: self.id.parse().ok()? })
    }
}

/// A page of members, each with the records of theirs that still need work, by record type.
pub struct MemberPage {
    /// The members.
    pub members: Vec<(Member, BTreeMap<String, i64>)>,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// How many there are in all.
    pub total: i64,
}

impl Place {
    fn read(&self) -> Option<MemberPosition> {
        Some(MemberPosition { name_key: self.name_key.clone(), id: self.id.parse().ok()? })
    }
}

impl WorkspaceContext {
    /// A page of members.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_members(
        &mut self,
        query: &MemberQuery,
        order: MemberOrder,
        after: Option<Place>,
        limit: usize,
    ) -> Result<MemberPage, Error> {
        let pass = self.check(ReadMembers).await?;
        let total = self.tx(&pass)?.members().count(query).await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut members = match order {
            MemberOrder::Name => {
                let after = after.as_ref().and_then(Place::read);
                self.tx(&pass)?.members().list(query, after.as_ref(), most + 1).await?
            }
            MemberOrder::Assignments => {
                self.heaviest(&pass, query, after.as_ref(), limit + 1).await?
            }
        };
        let has_more = members.len() > limit;
        members.truncate(limit);
        let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
        let mut open = self.open_records(&pass, &ids).await?;
        let members: Vec<_> = members
            .into_iter()
            .map(|member| {
                let counts = open.remove(&member.id).unwrap_or_default();
                (member, counts)
            })
            .collect();
        let next = members.last().filter(|_| has_more).map(|(member, counts)| Place {
            name_key: name_key(&member.first_name, &member.last_name),
            id: member.id.to_string(),
            open: counts.values().sum(),
        });
        Ok(MemberPage { members, next, total })
    }

    /// A page of members by name, for whoever has been let in to see it.
    pub(crate) async fn page_by_name(
        &mut self,
        pass: &Pass<impl Permission>,
        query: &MemberQuery,
        after: Option<&NamePlace>,
        limit: usize,
    ) -> Result<NamePage, Error> {
        let total = self.tx(pass)?.members().count(query).await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let after = after.and_then(NamePlace::read);
        let mut members =
            self.tx(pass)?.members().list(query, after.as_ref(), most + 1).await?;
        let has_more = members.len() > limit;
        members.truncate(limit);
        let next = members.last().filter(|_| has_more).map(NamePlace::of);
        Ok(NamePage { members, next, total })
    }

    /// Members by how many records of theirs are open; of the same number, by name.
    async fn heaviest(
        &mut self,
        pass: &Pass<impl Permission>,
        query: &MemberQuery,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<Member>, Error> {
        let members = self.tx(pass)?.members().list(query, None, i64::MAX).await?;
        let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
        let open = self.open_records(pass, &ids).await?;
        let key = |member: &Member| {
            let n: i64 = open.get(&member.id).map_or(0, |counts| counts.values().sum());
            let name = name_key(&member.first_name, &member.last_name);
            (Reverse(n), name, member.id.to_string())
        };
        let mut keyed: Vec<_> =
            members.into_iter().map(|member| (key(&member), member)).collect();
        keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
        let place =
            after.map(|place| (Reverse(place.open), place.name_key.clone(), place.id.clone()));
        let gated =
            keyed.into_iter().filter(|(key, _)| place.as_ref().is_none_or(|at| key > at));
        Ok(gated.take(limit).map(|(_, member)| member).collect())
    }

    /// The records of a member that still need work, by record type.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn assignments_of(
        &mut self,
        member: MemberId,
    ) -> Result<BTreeMap<String, i64>, Error> {
        let pass = self.check(AnyMember).await?;
        Ok(self.open_records(&pass, &[member]).await?.remove(&member).unwrap_or_default())
    }

    async fn open_records(
        &mut self,
        pass: &Pass<impl Permission>,
        members: &[MemberId],
    ) -> Result<HashMap<MemberId, BTreeMap<String, i64>>, Error> {
        let mut open: HashMap<MemberId, BTreeMap<String, i64>> = HashMap::new();
        for count in self.tx(pass)?.records().list_counts_of(members).await? {
            if let Owner::Member(member) = count.owner
                && count.open_n > 0
            {
                open.entry(member).or_default().insert(count.entity, count.open_n);
            }
        }
        Ok(open)
    }
}
