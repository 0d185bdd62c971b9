//! Which records of a type a member reaches, as a sentence.

use hallpass_app::access::list::{ListPart, ListReasons};
use hallpass_engine::{Relations, Resource};

use super::Words;
use crate::text::IntoValue;

impl Words<'_> {
    /// "Ben sees 87 deals: 12 own, and 75 of the 3 people assigned to Ben". With an action, which of them it covers.
    pub(in crate::explanation) fn covered(
        &self,
        resource: &Resource,
        action: Option<&str>,
        reasons: &ListReasons,
    ) -> String {
        let (text, you, name) = (self.text(), self.you(), self.name());
        let lead = match action {
            None => text!(text, "why-list-sees", you = you, name = name),
            Some(action) => {
                let action = self.lowered(action);
                text!(text, "why-list-can", you = you, name = name, action = action)
            }
        };
        let (one, many) = (self.lowered(&resource.one), self.lowered(&resource.many));
        let things = if reasons.total == Some(1) { &one } else { &many };
        let count = reasons.total.map(|total| self.frame.number(total));
        if reasons.parts.is_empty() {
            return text!(text, "why-list-none", lead = lead, things = many);
        }
        if let [ListPart { relation: Relations::ALL, .. }] = reasons.parts.as_slice() {
            return match (reasons.total, count) {
                (Some(1), _) => text!(text, "why-list-only", lead = lead, thing = one),
                (_, Some(count)) => {
                    text!(
                        text,
                        "why-list-all-counted",
                        lead = lead,
                        count = count,
                        things = many
                    )
                }
                (_, None) => text!(text, "why-list-all", lead = lead, things = many),
            };
        }
        let parts: Vec<String> = reasons.parts.iter().map(|part| self.part(part)).collect();
        let list = self.list(&parts);
        match count {
            Some(count) => text!(
                text,
                "why-list-counted",
                lead = lead,
                count = count,
                things = things,
                list = list
            ),
            None => text!(text, "why-list", lead = lead, things = things, list = list),
        }
    }

    fn part(&self, part: &ListPart) -> String {
        let text = self.text();
        let people = match part.owners {
            Some(people) => text!(text, "records-people", n = people),
            None => text.get("records-people-some"),
        };
        let values = [
            ("you", self.you().into_value()),
            ("name", self.name().into_value()),
            ("people", people.into_value()),
        ];
        let key = match part.relation {
            Relations::SELF => "why-part-own",
            Relations::UNOWNED => "why-part-unowned",
            Relations::ASSIGNED => "why-part-assigned",
            Relations::TEAM => "why-part-team",
            Relations::DEPARTMENT => "why-part-department",
            Relations::ASSIGNED_IN_DEPARTMENT => "why-part-assigned-department",
            Relations::TEAM_IN_DEPARTMENT => "why-part-team-department",
            _ => "why-part-workspace",
        };
        let words = text.with(key, &values.into_iter().collect());
        match part.records {
            None => words,
            Some(n) => text!(text, "why-part", n = self.frame.number(n), part = words),
        }
    }
}
