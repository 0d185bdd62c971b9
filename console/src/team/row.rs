//! The rows of the list: members, and open invitations.

use std::collections::{BTreeMap, HashMap};

use hallpass_app::context::WorkspaceContext;
use hallpass_app::invitation::list::InvitationPage;
use hallpass_app::member::list::MemberPage;
use hallpass_app::member::offer::MemberOffer;
use hallpass_domain::id::DepartmentId;
use hallpass_domain::invitation::{Invitation, Outdated};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::refusal::Refusal;

use crate::frame::{Frame, Person};

/// The width of the longest bar of open assignments, in CSS pixels.
const LONGEST_BAR: i64 = 66;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// A row of the list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// The member, or the invited person.
    pub(crate) person: Person,
    /// The page of the member; none for an invitation.
    pub(crate) href: Option<String>,
    /// The address of the member, or when the invitation was sent.
    pub(crate) second: String,
    /// The other name of the member.
    pub(crate) alias: Option<String>,
    /// The text of a badge beside the name, if there is one.
    pub(crate) badge: Option<String>,
    /// Whether the member signs in with a second factor.
    pub(crate) has_second_factor: bool,
    /// The name of the role.
    pub(crate) role: String,
    /// The roles to choose from; empty where the viewer may not change it.
    pub(crate) roles: Vec<Choice>,
    /// The status.
    pub(crate) status: String,
    /// The class of the status.
    pub(crate) status_class: &'static str,
    /// Why the invitation cannot be accepted, or was not delivered.
    pub(crate) why: Option<String>,
    /// The number of open records that the viewer may read.
    pub(crate) open: i64,
    /// The open records by record type.
    pub(crate) open_by_type: String,
    /// The width of the bar in CSS pixels.
    pub(crate) bar: i64,
    /// The name of the department.
    pub(crate) department: String,
    /// What the viewer may do.
    pub(crate) menu: Vec<Item>,
    /// Where a form resends the invitation, if the viewer may.
    pub(crate) resend: Option<String>,
    /// Whether the row can be chosen for a change of many.
    pub(crate) can_choose: bool,
    /// The version, which a change must still find.
    pub(crate) version: i64,
}

/// A role, or a department, to choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) is_chosen: bool,
}

/// An item of the menu of a row.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) label: String,
    pub(crate) icon: &'static str,
    pub(crate) href: String,
    /// Whether a form does it at once; otherwise a page asks first.
    pub(crate) posts: bool,
    /// Whether it takes something away.
    pub(crate) is_danger: bool,
    /// Why the viewer may not do it.
    pub(crate) blocked: Option<String>,
}

impl Item {
    fn link(label: String, icon: &'static str, href: String) -> Item {
        Item { label, icon, href, posts: false, is_danger: false, blocked: None }
    }

    fn danger(label: String, icon: &'static str, href: String) -> Item {
        Item { is_danger: true, ..Item::link(label, icon, href) }
    }

    /// What the viewer may do with a member.
    pub(crate) fn of_member(
        frame: &Frame,
        member: &Member,
        offer: &MemberOffer,
        has_second_factor: bool,
    ) -> Vec<Item> {
        let path = format!("{}/settings/team/{}", frame.base, member.id);
        let at = |page: &str| format!("{path}/{page}");
        let mut menu = Vec::new();
        let mut add = |may: bool, item: Item| menu.extend(may.then_some(item));
        add(offer.edit, Item::link(frame.word("edit"), "pencil", at("access")));
        menu.extend(Item::view(frame, member, offer));
        let mut add = |may: bool, item: Item| menu.extend(may.then_some(item));
        add(offer.reassign, Item::link(frame.word("reassign"), "move", at("reassign")));
        let contact = format!("{}/settings/team/billing?to={}", frame.base, member.id);
        let label = frame.word("transfer_billing");
        add(offer.make_contact, Item::link(label, "credit-card", contact));
        let reset = Item::link(frame.t("factors-reset"), "shield-off", at("factors"));
        add(offer.edit && has_second_factor, reset);
        let reactivate = Item::link(frame.word("reactivate"), "user-check", at("reactivate"));
        add(offer.reactivate, Item { posts: true, ..reactivate });
        let deactivate = frame.word("deactivate");
        add(offer.deactivate, Item::danger(deactivate, "user-minus", at("deactivate")));
        add(offer.remove, Item::danger(frame.word("remove"), "user-x", at("remove")));
        menu
    }

    /// The view through the eyes of a member, blocked where they may do what the viewer may not.
    pub(crate) fn view(frame: &Frame, member: &Member, offer: &MemberOffer) -> Option<Item> {
        let refusal = offer.view.as_ref()?.as_ref().err();
        let has_more = matches!(refusal, Some(Refusal::GrantCeiling { .. }));
        let href = format!("{}/settings/team/{}/view", frame.base, member.id);
        let reason = if has_more { "view-blocked-more" } else { "view-blocked-role" };
        let blocked = refusal.map(|_| frame.t(reason));
        Some(Item { blocked, ..Item::link(frame.t("view-as"), "eye", href) })
    }
}

#[cfg(test)]
impl Item {
    pub(crate) fn sample() -> Item {
        let blocked = Some("They can do <script>.".to_owned());
        Item { blocked, ..Item::link("View as".to_owned(), "eye", "#".to_owned()) }
    }
}

/// What rows are made with.
pub(crate) struct Rows<'c> {
    pub(crate) ctx: &'c mut WorkspaceContext,
    pub(crate) frame: &'c Frame,
    /// The roles that the viewer may assign, by key or id, with their names.
    pub(crate) roles: &'c [(String, String)],
    pub(crate) departments: &'c HashMap<DepartmentId, String>,
}

impl Rows<'_> {
    /// Makes the rows of members.
    pub(crate) fn members(&mut self, page: &MemberPage) -> Vec<Row> {
        let found = &page.members;
        let most = found.iter().map(|(_, open)| open.values().sum::<i64>()).max();
        let most = most.unwrap_or(0).max(1);
        let row = |(member, open): &(Member, _)| {
            self.member((member, page.has_second_factor(member)), open, most)
        };
        found.iter().map(row).collect()
    }

    fn member(
        &mut self,
        (member, has_second_factor): (&Member, bool),
        open: &BTreeMap<String, i64>,
        most: i64,
    ) -> Row {
        let frame = self.frame;
        let given = self.roles.iter().map(|(id, _)| id.as_str());
        let offer = self.ctx.members().offer(member, given);
        let path = format!("{}/settings/team/{}", frame.base, member.id);
        let total: i64 = open.values().sum();
        let department = member.access.department.and_then(|id| self.departments.get(&id));
        let is_active = member.status == Status::Active;
        Row {
            person: Person::new(&member.id, &member.name()),
            href: Some(path),
            second: frame.contact(member),
            alias: member.alias.as_ref().map(ToString::to_string),
            badge: member.access.is_billing_contact.then(|| frame.t("billing-contact")),
            has_second_factor,
            role: self.ctx.snapshot().role_name(&member.access.role),
            roles: self.choices(&member.access.role, &offer.roles),
            status: frame.word(member.status.word()),
            status_class: if is_active { "green" } else { "" },
            why: None,
            open: total,
            open_by_type: self.by_type(open),
            bar: (total * LONGEST_BAR / most).max(3),
            department: department.cloned().unwrap_or_default(),
            menu: Item::of_member(frame, member, &offer, has_second_factor),
            resend: None,
            can_choose: offer.edit,
            version: member.version,
        }
    }

    /// The role that a member has, and those that they may get.
    fn choices(&self, role: &str, given: &[String]) -> Vec<Choice> {
        if given.is_empty() {
            return Vec::new();
        }
        let held = self.ctx.snapshot().role_name(role);
        let is_listed = self.roles.iter().any(|(id, _)| id == role);
        let held = (!is_listed).then(|| (role.to_owned(), held));
        let listed = self.roles.iter().filter(|(id, _)| id == role || given.contains(id));
        let choice = |(value, name): (String, String)| {
            let is_chosen = value == role;
            Choice { value, name, is_chosen }
        };
        held.into_iter().chain(listed.cloned()).map(choice).collect()
    }

    /// The numbers of open records: `18 deals, 2 tasks`.
    fn by_type(&self, open: &BTreeMap<String, i64>) -> String {
        let part = |(entity, count): (&String, &i64)| {
            format!("{} {}", self.frame.number(*count), noun(self.ctx, entity))
        };
        open.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    /// Makes the rows of invitations.
    pub(crate) fn invitations(&mut self, page: &InvitationPage) -> Vec<Row> {
        let each = page.invitations.iter();
        each.map(|one| {
            let undelivered = page.undelivered.get(&one.id.to_string());
            self.invitation(one, page.outdated.get(&one.id).copied(), undelivered)
        })
        .collect()
    }

    fn invitation(
        &mut self,
        one: &Invitation,
        outdated: Option<Outdated>,
        undelivered: Option<&String>,
    ) -> Row {
        let frame = self.frame;
        let offer = self.ctx.invitations().offer(one);
        let path = format!("{}/settings/team/invitations/{}", frame.base, one.id);
        let sent = frame.moment(one.invited_at).text;
        let left = one.expires_at.as_seconds() - frame.now.as_seconds();
        let is_expired = one.is_expired(frame.now);
        let second = if is_expired {
            text!(frame.text, "team-invited", sent = sent)
        } else {
            let days = (left + DAY - 1) / DAY;
            text!(frame.text, "team-invited-left", sent = sent, days = days)
        };
        let (status, status_class) = match (is_expired, outdated) {
            (true, _) => (frame.t("team-expired"), ""),
            (false, Some(_)) => (frame.t("team-dead"), "danger"),
            (false, None) => (frame.word("pending"), "amber"),
        };
        let dead = outdated.map(|why| {
            frame.t(match why {
                Outdated::Grantor => "team-dead-grantor",
                Outdated::Contents => "team-dead-contents",
                Outdated::Address => "team-dead-address",
            })
        });
        let unsent =
            undelivered.map(|error| text!(frame.text, "team-undelivered", error = error));
        let department = one.access.department.and_then(|id| self.departments.get(&id));
        let name = one.name.clone().unwrap_or_else(|| one.email.as_str().to_owned());
        let second = match &one.name {
            Some(_) => format!("{} · {second}", one.email.as_str()),
            None => second,
        };
        let mut menu = Vec::new();
        if offer.resend {
            let resend = frame.t("team-resend");
            let item = Item::link(resend, "send", format!("{path}/resend"));
            menu.push(Item { posts: true, ..item });
        }
        if offer.revoke {
            let revoke = frame.t("team-revoke");
            menu.push(Item::danger(revoke, "trash-2", format!("{path}/revoke")));
        }
        Row {
            person: Person::new(&one.id, &name),
            second,
            badge: one.access.is_billing_contact.then(|| frame.t("billing-contact")),
            role: self.ctx.snapshot().role_name(&one.access.role),
            status,
            status_class,
            why: dead.or(unsent),
            department: department.cloned().unwrap_or_default(),
            menu,
            resend: offer.resend.then(|| format!("{path}/resend")),
            version: one.version,
            ..Row::default()
        }
    }
}

/// The name of a record type in the middle of a sentence: `deals`, `AI agents`.
pub(crate) fn noun(ctx: &WorkspaceContext, entity: &str) -> String {
    let mut resources = ctx.policy().resources().iter();
    let resource = resources.find(|resource| resource.key == entity);
    resource.map_or_else(|| entity.to_owned(), |resource| in_sentence(&resource.name))
}

/// A name in the middle of a sentence: in small letters, except abbreviations.
fn in_sentence(name: &str) -> String {
    let word = |word: &str| {
        let is_abbreviation = word.len() > 1 && !word.contains(char::is_lowercase);
        if is_abbreviation { word.to_owned() } else { word.to_lowercase() }
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
