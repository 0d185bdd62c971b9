//! Problems, sorted by the fields of a form.

use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_web::error::Problem;

use super::Faults;
use crate::text::Text;

#[test]
fn a_problem_is_shown_at_its_field_or_above_the_form() {
    let errors = vec![
        FieldError::new("/email", "bad_email", "no domain"),
        FieldError::new("/emails/3", "bad_email", "no name"),
        FieldError::new("/locale", "bad_locale", "no language"),
    ];
    let problem = Problem::from(hallpass_app::Error::Refused(Refusal::Fields(errors)));

    let faults = Faults::of(Text::default(), &problem, &["email", "emails"]);

    assert_eq!(faults.at("email").as_deref(), Some("No domain."));
    assert_eq!(faults.at("emails").as_deref(), Some("No name."));
    assert_eq!(faults.at("locale"), None);
    assert_eq!(faults.whole, ["No language."]);
}

#[test]
fn a_refusal_without_fields_is_above_the_form() {
    let problem = Problem::from(hallpass_app::Error::Refused(Refusal::DeadLink));

    assert_eq!(Faults::of(Text::default(), &problem, &["email"]).whole.len(), 1);
}

#[test]
fn a_mistake_in_a_part_is_at_the_part_and_a_name_that_is_taken_at_the_name() {
    let errors = vec![FieldError::new("/fields/12/key", "bad_key", "no key")];
    let problem = Problem::from(hallpass_app::Error::Refused(Refusal::Fields(errors)));
    assert_eq!(Faults::of(Text::default(), &problem, &["fields/1"]).at("fields/1"), None);
    assert_eq!(
        Faults::of(Text::default(), &problem, &["fields/12"]).at("fields/12").as_deref(),
        Some("No key.")
    );

    let taken = Refusal::NameTaken { noun: "role", name: "Sales".to_owned() };
    let problem = Problem::from(hallpass_app::Error::Refused(taken));
    assert!(Faults::of(Text::default(), &problem, &["name"]).at("name").is_some());
    assert_eq!(Faults::of(Text::default(), &problem, &["email"]).whole.len(), 1);
}
