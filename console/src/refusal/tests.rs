//! Refusals in words: second person, in every language, from the data and not from the text.

use hallpass_app::Error;
use hallpass_app::denial::{Denial, DenialLimit};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_web::error::Problem;

use super::of_problem;
use crate::text::{Language, Text};

fn both(problem: &Problem) -> [String; 2] {
    Language::EVERY.map(|language| of_problem(Text { language }, problem))
}

#[test]
fn a_denial_speaks_to_the_reader_and_never_names_them() {
    let limits = [
        DenialLimit::Uncovered,
        DenialLimit::Scopes,
        DenialLimit::Inactive,
        DenialLimit::NoTeam,
        DenialLimit::Visibility,
        DenialLimit::Level { name: None },
        DenialLimit::Level { name: Some("Viewer".to_owned()) },
        DenialLimit::Role { name: "Sales <b>".to_owned() },
        DenialLimit::Profile { name: "Readers".to_owned(), team: "Nord".to_owned() },
        DenialLimit::Other,
    ];
    for limit in limits {
        let denial = Denial {
            resource: "contacts".to_owned(),
            action: "delete".to_owned(),
            names: ("Delete".to_owned(), "Contacts".to_owned()),
            because: "Anna cannot delete contacts".to_owned(),
            limit: limit.clone(),
        };

        let [english, german] = both(&Problem::from(Error::Denied(Box::new(denial))));

        assert!(english.starts_with("You cannot"), "{limit:?}: {english}");
        assert!(german.contains("Ihnen nicht erlaubt"), "{limit:?}: {german}");
        for text in [&english, &german] {
            assert!(!text.contains("Anna") && !text.contains("refusal-"), "{limit:?}: {text}");
            assert!(text.ends_with('.'), "{limit:?}: {text}");
        }
        match &limit {
            DenialLimit::Role { name }
            | DenialLimit::Level { name: Some(name) }
            | DenialLimit::Profile { name, .. } => {
                assert!(english.contains(name) && german.contains(name), "{limit:?}");
            }
            DenialLimit::Uncovered
            | DenialLimit::Scopes
            | DenialLimit::Inactive
            | DenialLimit::NoTeam
            | DenialLimit::Visibility
            | DenialLimit::Level { name: None }
            | DenialLimit::Other => {}
        }
    }
}

#[test]
fn the_text_of_the_api_stays_english_and_is_not_what_a_german_page_shows() {
    let role = "Owner".to_owned();
    let problem = Problem::from(Error::Refused(Refusal::MayNotGive { role }));
    assert!(problem.detail.starts_with("your role cannot give the role Owner"));

    let [english, german] = both(&problem);

    assert_eq!(
        english,
        "Your role cannot give the role Owner. Choose another role, or ask a member with a higher one."
    );
    assert!(german.starts_with("Ihre Rolle kann die Rolle Owner nicht geben."), "{german}");
}

#[test]
fn one_mistake_is_said_and_several_are_counted() {
    let error = |pointer: &str| FieldError::new(pointer, "bad_email", "no domain");
    let one = Problem::from(Error::Refused(Refusal::Fields(vec![error("/email")])));
    let two = vec![error("/emails/0"), error("/emails/1")];
    let two = Problem::from(Error::Refused(Refusal::Fields(two)));

    assert_eq!(both(&one), ["No domain.", "Das ist keine E-Mail-Adresse."]);
    let [english, german] = both(&two);
    assert!(english.starts_with("2 fields") && german.starts_with("2 Felder"));
}

#[test]
fn many_permissions_are_cut() {
    let words: Vec<String> = (0..20).map(|number| format!("do {number}")).collect();
    let refusal = Refusal::GrantCeiling { rights: words.clone(), words };

    let [english, german] = both(&Problem::from(Error::Refused(refusal)));

    assert!(english.contains("do 11 and 8 more") && !english.contains("do 12"), "{english}");
    assert!(german.contains("do 11 und 8 weitere"), "{german}");
}
