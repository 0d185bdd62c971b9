//! Tests of forms.

use super::Form;

#[test]
fn fields_are_read_by_name_without_white_space() {
    let form = Form::parse(
        b"name=+Anna+B%C3%A4r+&teams=a&teams=&teams=b&level.deals=edit&empty=&password=+x+",
    );

    assert_eq!(form.text("name"), "Anna Bär");
    assert_eq!(form.exact("password"), " x ");
    assert_eq!((form.text("absent"), form.find("absent")), ("", None));
    assert_eq!((form.find("empty"), form.filled("empty")), (Some(""), None));
    assert!(form.is_checked("empty") && !form.is_checked("absent"));
    assert_eq!(form.every("teams").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(form.below("level.").collect::<Vec<_>>(), [("deals", "edit")]);
}
