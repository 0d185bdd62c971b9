//! What a hidden value shows.

use super::Secret;

#[test]
fn no_form_shows_the_value_and_equal_values_are_equal() {
    let hidden = Secret::new("hunter2".to_owned());
    for shown in
        [format!("{hidden:?}"), format!("{hidden:#?}"), format!("{:?}", Some((1, &hidden)))]
    {
        assert!(shown.contains("Secret(…)") && !shown.contains("hunter2"), "{shown}");
    }
    assert_eq!(hidden.expose(), "hunter2");
    assert_eq!(hidden, Secret::new("hunter2".to_owned()));
    assert_ne!(hidden, Secret::new("hunter3".to_owned()));
    assert_eq!(Secret::<String>::default().expose(), "");
}
