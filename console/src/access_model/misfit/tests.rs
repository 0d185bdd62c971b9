//! Misfits in words: each has a sentence and advice in every language, with names and without keys.

use hallpass_app::blueprint::BlueprintMisfit;
use hallpass_app::entity::{Lost, LostPart};
use hallpass_app::invitation::InvitationMisfit;
use hallpass_domain::misfit::{GrantedBy, Misfit, UnfitPart};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Blueprint, Resource};

use super::{KnownNames, TOPICS, groups};
use crate::text::{Language, Text};

struct Named(Resource);

impl KnownNames for Named {
    fn resource(&self, _: &str) -> String {
        "Ask AI".to_owned()
    }
    fn named(&self, _: &str) -> String {
        "Helper".to_owned()
    }
    fn record_type(&self, _: &str) -> Option<Resource> {
        Some(self.0.clone())
    }
}

/// A record type with a field of options, and stages, whose keys differ from their names.
fn record_type() -> Resource {
    let text = include_str!("../../../../blueprints/standard.toml");
    let blueprint = Blueprint::parse(text).expect("a blueprint");
    let mut resources = blueprint.resources.into_iter();
    let is_meant = |known: &Resource| {
        !known.stages.is_empty() && known.fields.iter().any(|field| !field.options.is_empty())
    };
    resources.find(is_meant).expect("a record type with stages and a choice")
}

fn every(resource: &Resource) -> Vec<BlueprintMisfit> {
    let choice = resource.fields.iter().find(|field| !field.options.is_empty()).expect("one");
    let (id, n) = ("rol_1".to_owned(), 2);
    let parts = vec![
        UnfitPart::RecordType { key: "site_visits".to_owned() },
        UnfitPart::Role { id: id.clone() },
        UnfitPart::Profile { id: id.clone() },
        UnfitPart::Teams,
        UnfitPart::Departments,
        UnfitPart::Managers { members: 1 },
        UnfitPart::Visibility { members: n },
        UnfitPart::BillingContact,
        UnfitPart::Level { resource: "ask_ai".to_owned(), members: n },
    ];
    let meaning = |by: GrantedBy| Misfit::ChangedMeaning { resource: "ask_ai".to_owned(), by };
    let models = [
        Misfit::MissingRole { key: "sales_rep".to_owned(), name: "Rep".to_owned(), members: 1 },
        meaning(GrantedBy::Role),
        meaning(GrantedBy::Profile),
        meaning(GrantedBy::Levels),
        Misfit::Unfit { parts, mistakes: vec!["unknown role `sales_rep`".to_owned()] },
        Misfit::NoTopHolder { role: "Owner".to_owned() },
        Misfit::OneHolder { role: "Owner".to_owned(), members: n },
        Misfit::LevelsOfRole { members: n },
        Misfit::PersonOnly { services: 1 },
        Misfit::NotManaging,
        Misfit::ManyContacts,
        Misfit::ServiceManager { id: "mbr_1".to_owned() },
    ];
    let losses = [
        LostPart::RecordType,
        LostPart::Field { field: choice.key.clone() },
        LostPart::Option { field: choice.key.clone(), option: choice.options[0].key.clone() },
        LostPart::Stage { stage: resource.stages[0].key.clone() },
        LostPart::Report { name: Some("Won".to_owned()) },
        LostPart::Report { name: None },
    ];
    let invitations = [
        InvitationMisfit::Level("ask_ai".to_owned()),
        InvitationMisfit::Role("Rep".to_owned()),
        InvitationMisfit::Page("help_center".to_owned()),
        InvitationMisfit::Refused(Refusal::AlreadyMember),
    ];
    let keys = [Some("Nightly".to_owned()), None];
    let lost = |part: LostPart| {
        BlueprintMisfit::Lost(Lost {
            entity: "help_center".to_owned(),
            part,
            by: String::new(),
        })
    };
    models
        .map(BlueprintMisfit::Model)
        .into_iter()
        .chain(losses.map(lost))
        .chain(keys.map(|name| BlueprintMisfit::ApiKey { name }))
        .chain(invitations.map(BlueprintMisfit::Invitation))
        .collect()
}

#[test]
fn every_misfit_has_a_sentence_and_advice_in_every_language_without_keys() {
    let resource = record_type();
    let misfits = every(&resource);
    let known = Named(resource);
    let [english, german] =
        Language::EVERY.map(|language| groups(&known, Text { language }, &misfits));

    // What only the sentences of the engine say is in no other group.
    assert_eq!(english.len(), TOPICS.len() - 1);
    for (english, german) in english.iter().zip(&german) {
        assert_ne!(english.title, german.title);
        assert_eq!(english.misfits.len(), german.misfits.len());
        for (english, german) in english.misfits.iter().zip(&german.misfits) {
            assert!(english.what != german.what && english.advice != german.advice);
            for said in [&english.what, &english.advice, &german.what, &german.advice] {
                assert!(said.ends_with('.') && !said.contains("misfit-"), "{said}");
                assert!(!said.contains(['`', '_', '/', '{', '}', '$']), "{said}");
                assert!(
                    said.starts_with(|c: char| c.is_uppercase() || c.is_numeric()),
                    "{said}"
                );
            }
        }
    }
    let told: usize = english.iter().map(|group| group.misfits.len()).sum();
    assert_eq!(told, 11 + 9 + 6 + 2 + 4);
}
