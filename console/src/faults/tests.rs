//! Problems, sorted by the fields of a form.

use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_web::error::Problem;

use super::Faults;

#[test]
fn a_problem_is_shown_at_its_field_or_above_the_form() {
    let errors = vec![
        FieldError::new("/email", "bad_email", "no domain"),
        FieldError::new("/emails/3", "bad_email", "no name"),
        FieldError::new("/locale", "bad_locale", "no language"),
    ];
    let problem = Problem::from(hallpass_app::Error::Refused(Refusal::Fields(errors)));

    let faults = Faults::of(&problem, &["email", "emails"]);

    assert_eq!(faults.at("email").as_deref(), Some("No domain."));
    assert_eq!(faults.at("emails").as_deref(), Some("No name."));
    assert_eq!(faults.at("locale"), None);
    assert_eq!(faults.whole, ["No language."]);
}

#[test]
fn a_refusal_without_fields_is_above_the_form() {
    let problem = Problem::from(hallpass_app::Error::Refused(Refusal::DeadLink));

    assert_eq!(Faults::of(&problem, &["email"]).whole.len(), 1);
}
