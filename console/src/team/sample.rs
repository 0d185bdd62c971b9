//! The sample of the team page.

use super::drawer::{AccessDrawer, InviteDrawer};
use super::filter::TeamFilter;
use super::list::{Advice, Chip, May, TeamPage};
use super::over::{Bulk, Leaving, Over, Picker};
use super::row::{Choice, Item, Row};
use crate::dialog::Dialog;
use crate::frame::{Frame, Person};

impl TeamPage {
    /// The page with nothing, and with each dialog over it.
    pub(crate) fn samples() -> Vec<TeamPage> {
        let over = [
            Over::Nothing,
            Over::Dialog(Dialog::sample()),
            Over::Leaving(Leaving::sample()),
            Over::Picker(Picker::sample()),
            Over::Bulk(Bulk::sample()),
            Over::Access(Box::new(AccessDrawer::sample())),
            Over::Invite(Box::new(InviteDrawer::sample())),
        ];
        over.into_iter().map(sample).collect()
    }
}

fn sample(over: Over) -> TeamPage {
    let role = |name: &str| Choice {
        value: name.to_lowercase(),
        name: name.to_owned(),
        is_chosen: name == "Admin",
    };
    let item = |posts| Item {
        label: "Remove from org".to_owned(),
        icon: "user-x",
        href: "#".to_owned(),
        posts,
        is_danger: !posts,
        blocked: None,
    };
    let member = Row {
        person: Person::new(&"mbr_1", "Dana <script>"),
        href: Some("#".to_owned()),
        second: "dana@northwind.io".to_owned(),
        badge: Some("Billing contact".to_owned()),
        role: "Admin".to_owned(),
        roles: vec![role("Admin"), role("Member")],
        status: "Active".to_owned(),
        status_class: "green",
        open: 42,
        open_by_type: "42 deals".to_owned(),
        bar: 66,
        department: "Sales".to_owned(),
        menu: vec![item(false), item(true)],
        can_choose: true,
        version: 1,
        ..Row::default()
    };
    let invitation = Row {
        person: Person::new(&"inv_1", "jo@partner.example"),
        second: "Invited 2 days ago".to_owned(),
        role: "Member".to_owned(),
        status: "Cannot be accepted".to_owned(),
        status_class: "danger",
        why: Some("The workspace does not admit the address.".to_owned()),
        resend: Some("#".to_owned()),
        ..Row::default()
    };
    TeamPage {
        frame: Frame::sample(),
        title: "Team".to_owned(),
        intro: "2 members".to_owned(),
        path: "#".to_owned(),
        advice: vec![Advice {
            fact: "Dana is the only Owner.".to_owned(),
            advice: "Have a second one.".to_owned(),
            act: Some(("#".to_owned(), "<script>".to_owned())),
        }],
        filter: TeamFilter { search: "<script>".to_owned(), ..TeamFilter::default() },
        chips: vec![Chip {
            label: "Everyone".to_owned(),
            count: "2".to_owned(),
            href: "#".to_owned(),
            is_on: true,
        }],
        roles: vec![role("Admin")],
        departments: crate::picker::Picker::sample(),
        sort: "#".to_owned(),
        rows: vec![member, invitation],
        range: "1–2 of 2".to_owned(),
        first: Some("#".to_owned()),
        next: Some("#".to_owned()),
        has_departments: true,
        may: May {
            invite: true,
            reassign: true,
            transfer_billing: true,
            choose: true,
            set_department: true,
            set_team: true,
        },
        problem: Some("Ben holds more than you.".to_owned()),
        over,
    }
}
