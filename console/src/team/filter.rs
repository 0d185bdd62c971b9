//! Which members and invitations the list shows, as its address says it.

use std::collections::HashMap;

use hallpass_app::invitation::list::InvitationFilter;
use hallpass_app::member::list::{ListPosition, MemberFilter, MemberOrder};
use hallpass_app::naming::{DepartmentRef, RoleRef};
use hallpass_domain::id::DepartmentId;
use hallpass_domain::member::Status;
use hallpass_domain::text::sort_key;
use hallpass_web::cursor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::form::Form;
use crate::frame::Frame;
use crate::picker::{Blank, Choice, Noun, Picker, Place};

/// The list that the cursors are of.
const LIST: &str = "team page";

/// The status of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum StatusFilter {
    /// Members and open invitations.
    #[default]
    Everyone,
    /// Active members.
    Active,
    /// Open invitations.
    Pending,
    /// Inactive members.
    Inactive,
    /// Members with an alias.
    Alias,
    /// Active members who were not seen for long.
    Unseen,
}

impl StatusFilter {
    pub(crate) const EVERY: [StatusFilter; 6] = [
        StatusFilter::Everyone,
        StatusFilter::Active,
        StatusFilter::Pending,
        StatusFilter::Inactive,
        StatusFilter::Alias,
        StatusFilter::Unseen,
    ];

    /// The word in the address, which is also the key of the word of the access model.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            StatusFilter::Everyone => "",
            StatusFilter::Active => "active",
            StatusFilter::Pending => "pending",
            StatusFilter::Inactive => "inactive",
            StatusFilter::Alias => "alias",
            StatusFilter::Unseen => "unseen",
        }
    }
}

/// Where a page of the list begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Position {
    /// After this member; none when the page begins with invitations.
    pub(crate) member: Option<ListPosition>,
    /// Below this invitation.
    pub(crate) invitation: Option<String>,
    /// How many rows are on the pages before.
    pub(crate) before: i64,
}

/// Which members and invitations the list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct TeamFilter {
    /// A part of a name or an address.
    pub(crate) search: String,
    /// The status.
    pub(crate) status: StatusFilter,
    /// The role, by key or id.
    pub(crate) role: String,
    /// The department, by id.
    pub(crate) department: String,
    /// Whether the members with the most open records come first.
    pub(crate) by_assignments: bool,
    /// Where the page begins.
    pub(crate) at: Option<Position>,
}

impl TeamFilter {
    /// Reads the filter from the query of the page.
    pub(crate) fn of(query: &Form) -> TeamFilter {
        let at = query.filled("cursor").and_then(|text| cursor::read(LIST, text).ok());
        let word = query.text("status");
        let status = StatusFilter::EVERY.into_iter().find(|one| one.word() == word);
        TeamFilter {
            search: query.text("q").to_owned(),
            status: status.unwrap_or_default(),
            role: query.text("role").to_owned(),
            department: query.text("department").to_owned(),
            by_assignments: query.text("sort") == "-assignments",
            at,
        }
    }

    /// Says on the page what of its query means nothing.
    pub(crate) fn check(frame: &mut Frame, query: &Form) {
        let is_status = |word: &str| StatusFilter::EVERY.iter().any(|one| one.word() == word);
        frame.expect(query, "status", is_status);
        frame.expect(query, "sort", |word| word == "-assignments");
        frame.expect(query, "cursor", |text| cursor::read::<Position>(LIST, text).is_ok());
    }

    /// Whether it leaves rows out.
    pub(crate) fn is_narrow(&self) -> bool {
        let fields = [&self.search, &self.role, &self.department];
        self.status != StatusFilter::Everyone || fields.iter().any(|field| !field.is_empty())
    }

    /// The same filter with another status, from the first page on.
    pub(crate) fn with_status(&self, status: StatusFilter) -> TeamFilter {
        TeamFilter { status, at: None, ..self.clone() }
    }

    /// The same filter from a position on.
    pub(crate) fn from(&self, at: Option<Position>) -> TeamFilter {
        TeamFilter { at, ..self.clone() }
    }

    /// The same filter in the other order, from the first page on.
    pub(crate) fn in_other_order(&self) -> TeamFilter {
        TeamFilter { by_assignments: !self.by_assignments, at: None, ..self.clone() }
    }

    /// The address of the list with this filter.
    pub(crate) fn href(&self, path: &str) -> String {
        let sort = if self.by_assignments { "-assignments" } else { "" };
        let at = self.at.as_ref().map(|at| cursor::write(LIST, at)).unwrap_or_default();
        let fields = [
            ("q", self.search.as_str()),
            ("status", self.status.word()),
            ("role", &self.role),
            ("department", &self.department),
            ("sort", sort),
            ("cursor", &at),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let pair = |(name, value): (&str, &str)| {
            format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
        };
        let pairs: Vec<String> = given.map(pair).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    /// The members that it finds, whatever their status.
    pub(crate) fn members(&self) -> MemberFilter {
        MemberFilter {
            text: filled(&self.search),
            role: filled(&self.role).map(RoleRef::from),
            department: filled(&self.department).map(DepartmentRef::from),
            ..MemberFilter::default()
        }
    }

    /// The members that it finds with a status; none for that of invitations.
    pub(crate) fn members_with(&self, status: StatusFilter) -> Option<MemberFilter> {
        let with = |status| MemberFilter { status: Some(status), ..self.members() };
        match status {
            StatusFilter::Everyone => Some(self.members()),
            StatusFilter::Active => Some(with(Status::Active)),
            StatusFilter::Pending => None,
            StatusFilter::Inactive => Some(with(Status::Inactive)),
            StatusFilter::Alias => Some(MemberFilter { has_alias: true, ..self.members() }),
            StatusFilter::Unseen => {
                Some(MemberFilter { is_unseen: true, ..with(Status::Active) })
            }
        }
    }

    /// The open invitations that it finds.
    pub(crate) fn invitations(&self) -> InvitationFilter {
        InvitationFilter {
            is_pending: true,
            text: filled(&self.search),
            role: filled(&self.role).map(RoleRef::from),
            department: filled(&self.department).map(DepartmentRef::from),
        }
    }

    /// The order of members.
    pub(crate) const fn order(&self) -> MemberOrder {
        if self.by_assignments { MemberOrder::Assignments } else { MemberOrder::Name }
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The choice of the department that the list is narrowed to.
pub(super) fn department_filter(
    frame: &Frame,
    names: &HashMap<DepartmentId, String>,
    (chosen, query): (&str, &Form),
) -> Picker {
    let mut all: Vec<Choice> = names
        .iter()
        .map(|(id, name)| {
            let value = id.to_string();
            let is_chosen = value == chosen;
            Choice { value, name: name.clone(), is_chosen }
        })
        .collect();
    all.sort_by_cached_key(|one| sort_key(&one.name));
    let (input, label) = (("f-department", "department"), frame.t("team-department"));
    let place = Place::one(Noun::Departments, Blank::Every, input, label);
    Picker::of(frame, place, &all, query)
}
