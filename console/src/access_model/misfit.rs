//! What does not fit another access model, for the people who read the page: by what it is about, with what to do.

use hallpass_app::blueprint::BlueprintMisfit;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::entity::{Lost, LostPart};
use hallpass_app::invitation::InvitationMisfit;
use hallpass_domain::misfit::{GrantedBy, Misfit, UnfitPart};
use hallpass_engine::Resource;

use crate::effect::names;
use crate::failure::sentence;
use crate::refusal;
use crate::text::Text;

/// What does not fit, about one thing.
#[derive(Clone, Debug)]
pub(super) struct MisfitGroup {
    pub(super) title: String,
    /// What is wrong, and what to do about it.
    pub(super) misfits: Vec<Told>,
}

impl MisfitGroup {
    #[cfg(test)]
    pub(super) fn sample() -> MisfitGroup {
        let told = Told { what: "<script>".to_owned(), advice: "<script>".to_owned() };
        MisfitGroup { title: "<script>".to_owned(), misfits: vec![told] }
    }
}

/// A misfit in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) what: String,
    /// Empty where the sentence says it.
    pub(super) advice: String,
}

/// What a misfit is about, in the order of the page.
const TOPICS: [&str; 6] = [
    "misfit-people",
    "misfit-teams",
    "misfit-records",
    "misfit-keys",
    "misfit-invitations",
    "misfit-other",
];

/// The names that a workspace has for what misfits know by key or id.
pub(super) trait KnownNames {
    /// The name of a resource.
    fn resource(&self, key: &str) -> String;
    /// The name of a custom role or a profile.
    fn named(&self, id: &str) -> String;
    /// A record type with its fields and stages.
    fn record_type(&self, key: &str) -> Option<Resource>;
}

impl KnownNames for WorkspaceContext {
    fn resource(&self, key: &str) -> String {
        names(self, key, "").0
    }

    fn named(&self, id: &str) -> String {
        self.snapshot().name(id)
    }

    fn record_type(&self, key: &str) -> Option<Resource> {
        self.snapshot().record_type(key)
    }
}

/// The misfits in groups.
pub(super) fn groups(
    known: &impl KnownNames,
    text: Text,
    misfits: &[BlueprintMisfit],
) -> Vec<MisfitGroup> {
    let told: Vec<(&str, Told)> =
        misfits.iter().flat_map(|misfit| told(known, text, misfit)).collect();
    let group = |topic: &&str| {
        let own = told.iter().filter(|(of, _)| of == topic);
        let misfits: Vec<Told> = own.map(|(_, told)| told.clone()).collect();
        (!misfits.is_empty()).then(|| MisfitGroup { title: text.get(topic), misfits })
    };
    TOPICS.iter().filter_map(group).collect()
}

fn told(
    known: &impl KnownNames,
    text: Text,
    misfit: &BlueprintMisfit,
) -> Vec<(&'static str, Told)> {
    match misfit {
        BlueprintMisfit::Model(Misfit::Unfit { parts, mistakes }) if parts.is_empty() => {
            let other =
                |mistake: &String| ("misfit-other", new(sentence(mistake), String::new()));
            mistakes.iter().map(other).collect()
        }
        BlueprintMisfit::Model(Misfit::Unfit { parts, .. }) => {
            parts.iter().map(|part| of_part(known, text, part)).collect()
        }
        BlueprintMisfit::Model(misfit) => vec![of_model(known, text, misfit)],
        BlueprintMisfit::Lost(lost) => vec![("misfit-records", of_lost(known, text, lost))],
        BlueprintMisfit::ApiKey { name } => {
            let what = match name {
                Some(name) => text!(text, "misfit-key", name = name),
                None => text.get("misfit-some-key"),
            };
            vec![("misfit-keys", new(what, text.get("misfit-key-advice")))]
        }
        BlueprintMisfit::Invitation(why) => {
            let what = of_invitation(known, text, why);
            vec![("misfit-invitations", new(what, text.get("misfit-invitation-advice")))]
        }
    }
}

fn new(what: String, advice: String) -> Told {
    Told { what, advice }
}

fn of_model(known: &impl KnownNames, text: Text, misfit: &Misfit) -> (&'static str, Told) {
    let (topic, what, advice) = match misfit {
        Misfit::MissingRole { name, members, .. } => (
            "misfit-people",
            text!(text, "misfit-role", role = name, n = *members),
            "misfit-role-advice",
        ),
        Misfit::ChangedMeaning { resource, by } => {
            let resource = known.resource(resource);
            let (topic, what) = match by {
                GrantedBy::Role => {
                    ("misfit-people", text!(text, "misfit-meaning-role", resource = resource))
                }
                GrantedBy::Profile => {
                    ("misfit-teams", text!(text, "misfit-meaning-profile", resource = resource))
                }
                GrantedBy::Levels => {
                    ("misfit-people", text!(text, "misfit-meaning-level", resource = resource))
                }
            };
            (topic, what, "misfit-meaning-advice")
        }
        Misfit::NoTopHolder { role } => {
            ("misfit-people", text!(text, "misfit-no-top", role = role), "misfit-no-top-advice")
        }
        Misfit::OneHolder { role, members } => (
            "misfit-people",
            text!(text, "misfit-one-holder", role = role, n = *members),
            "misfit-one-holder-advice",
        ),
        Misfit::LevelsOfRole { members } => (
            "misfit-people",
            text!(text, "misfit-levels", n = *members),
            "misfit-levels-advice",
        ),
        Misfit::PersonOnly { services } => (
            "misfit-people",
            text!(text, "misfit-services", n = *services),
            "misfit-services-advice",
        ),
        Misfit::NotManaging => {
            ("misfit-people", text.get("misfit-managers"), "misfit-managers-advice")
        }
        Misfit::ManyContacts => {
            ("misfit-people", text.get("misfit-contacts"), "misfit-contacts-advice")
        }
        Misfit::ServiceManager { .. } => {
            ("misfit-people", text.get("misfit-service-manager"), "misfit-managers-advice")
        }
        Misfit::Unfit { .. } => ("misfit-other", String::new(), "misfit-other"),
    };
    (topic, new(what, text.get(advice)))
}

fn of_part(known: &impl KnownNames, text: Text, part: &UnfitPart) -> (&'static str, Told) {
    let (topic, what, advice) = match part {
        UnfitPart::RecordType { key } => (
            "misfit-records",
            text!(text, "misfit-type", name = known.resource(key)),
            "misfit-type-advice",
        ),
        UnfitPart::Role { id } => (
            "misfit-people",
            text!(text, "misfit-custom-role", name = known.named(id)),
            "misfit-custom-role-advice",
        ),
        UnfitPart::Profile { id } => (
            "misfit-teams",
            text!(text, "misfit-profile", name = known.named(id)),
            "misfit-profile-advice",
        ),
        UnfitPart::Teams => {
            ("misfit-teams", text.get("misfit-no-teams"), "misfit-remove-advice")
        }
        UnfitPart::Departments => {
            ("misfit-teams", text.get("misfit-no-departments"), "misfit-remove-advice")
        }
        UnfitPart::Managers { members } => (
            "misfit-people",
            text!(text, "misfit-no-managers", n = *members),
            "misfit-no-managers-advice",
        ),
        UnfitPart::Visibility { members } => (
            "misfit-people",
            text!(text, "misfit-no-visibility", n = *members),
            "misfit-no-visibility-advice",
        ),
        UnfitPart::BillingContact => {
            ("misfit-people", text.get("misfit-no-contact"), "misfit-no-contact-advice")
        }
        UnfitPart::Level { resource, members } => {
            let resource = known.resource(resource);
            (
                "misfit-people",
                text!(text, "misfit-no-level", resource = resource, n = *members),
                "misfit-levels-advice",
            )
        }
    };
    (topic, new(what, text.get(advice)))
}

fn of_lost(known: &impl KnownNames, text: Text, lost: &Lost) -> Told {
    let resource = known.record_type(&lost.entity);
    let records = known.resource(&lost.entity);
    let field = |key: &str| {
        let mut fields = resource.iter().flat_map(|one| &one.fields);
        fields.find(|field| field.key == key)
    };
    let field_name =
        |key: &str| field(key).map_or_else(String::new, |field| field.name.clone());
    let (what, advice) = match &lost.part {
        LostPart::RecordType => {
            (text!(text, "misfit-records-of", records = records), "misfit-records-of-advice")
        }
        LostPart::Field { field: key } => {
            let field = field_name(key);
            (
                text!(text, "misfit-field", records = records, field = field),
                "misfit-field-advice",
            )
        }
        LostPart::Option { field: key, option } => {
            let mut options = field(key).into_iter().flat_map(|field| &field.options);
            let option = options.find(|known| known.key == *option);
            let option = option.map_or_else(String::new, |option| option.name.clone());
            let field = field_name(key);
            (
                text!(text, "misfit-option", records = records, field = field, option = option),
                "misfit-option-advice",
            )
        }
        LostPart::Stage { stage: key } => {
            let mut stages = resource.iter().flat_map(|one| &one.stages);
            let stage = stages.find(|known| known.key == *key);
            let stage = stage.map_or_else(String::new, |stage| stage.name.clone());
            (
                text!(text, "misfit-stage", records = records, stage = stage),
                "misfit-stage-advice",
            )
        }
        LostPart::Report { name } => {
            let what = match name {
                Some(name) => text!(text, "misfit-report", records = records, name = name),
                None => text!(text, "misfit-some-report", records = records),
            };
            (what, "misfit-report-advice")
        }
    };
    new(what, text.get(advice))
}

fn of_invitation(known: &impl KnownNames, text: Text, why: &InvitationMisfit) -> String {
    match why {
        InvitationMisfit::Level(key) => {
            text!(text, "misfit-invitation-level", resource = known.resource(key))
        }
        InvitationMisfit::Role(role) => text!(text, "misfit-invitation-role", role = role),
        InvitationMisfit::Page(page) => {
            text!(text, "misfit-invitation-page", page = known.resource(page))
        }
        InvitationMisfit::Refused(refusal) => {
            let why = refusal::of_refusal(text, refusal);
            text!(text, "misfit-invitation-refused", why = why)
        }
    }
}

#[cfg(test)]
mod tests;
