//! Tests of reading addresses.

use super::*;

fn check(text: &str, expected: &[(&str, Option<&str>)]) {
    let found = read(text);
    let found: Vec<_> =
        found.iter().map(|one| (one.address.as_str(), one.name.as_deref())).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn addresses_are_read_as_people_paste_them() {
    check("ana@x.io", &[("ana@x.io", None)]);
    check(
        "ana@x.io, li@x.io; jo@x.io",
        &[("ana@x.io", None), ("li@x.io", None), ("jo@x.io", None)],
    );
    check(
        "ana@x.io li@x.io\njo@x.io\n\n",
        &[("ana@x.io", None), ("li@x.io", None), ("jo@x.io", None)],
    );
    check(
        "Ana Lima <ana@x.io>, \"Li, Wei\" <li@x.io>",
        &[("ana@x.io", Some("Ana Lima")), ("li@x.io", Some("Wei"))],
    );
}

#[test]
fn a_csv_file_has_a_head_and_names() {
    check(
        "Email,First name,Last name\nana@x.io,Ana,Lima\n\"li@x.io\",\"Li\",\n",
        &[("ana@x.io", Some("Ana Lima")), ("li@x.io", Some("Li"))],
    );
    check("name;email\nAna Lima;ana@x.io", &[("ana@x.io", Some("Ana Lima"))]);
    check(
        "Vorname;Nachname;Abteilung;E-Mail\nAna;Lima;Verkauf;ana@x.io",
        &[("ana@x.io", Some("Ana Lima"))],
    );
    check("Department,Email\nSales,ana@x.io", &[("ana@x.io", None)]);
}

#[test]
fn what_is_no_address_is_named_and_an_address_counts_once() {
    check("ana\nAna@x.io\nana@X.io", &[("ana", None), ("Ana@x.io", None)]);
    check("", &[]);
    check("<script>", &[("<script>", None)]);
}
