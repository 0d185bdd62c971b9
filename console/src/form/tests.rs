//! Tests of forms.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Form, Upload};

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

const WITH_FILE: &[u8] =
    b"--x1\r\nContent-Disposition: form-data; name=\"emails\"\r\n\r\na@x.io\r\n\
    --x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.csv\"\r\n\
    Content-Type: text/csv\r\n\r\nb@x.io\r\n--x2\r\n--x1\r\n\
    Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--x1--\r\n";

#[test]
fn a_form_with_files_has_its_fields_and_files() {
    let form = Form::of("multipart/form-data; boundary=x1", WITH_FILE).unwrap();

    assert_eq!(form.text("emails"), "a@x.io");
    let content = b"b@x.io\r\n--x2".to_vec();
    assert_eq!(form.file("file"), Some(&Upload { name: "a \"b\".csv".to_owned(), content }));
    assert_eq!((form.file("none"), form.find("none")), (None, None));
}

#[test]
fn a_form_that_is_cut_off_anywhere_is_none() {
    for length in 0..WITH_FILE.len() - "--\r\n".len() {
        let part = &WITH_FILE[..length];
        assert!(Form::of("multipart/form-data; boundary=x1", part).is_none(), "{length}");
    }
}

/// A stale form: another person changed the description, and the sender the name.
#[test]
fn a_form_that_says_what_it_was_made_from_sends_only_what_was_touched() {
    let made_from =
        Form::made_from(&[("name", "Berlin"), ("description", ""), ("profile", "prf_1")]);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("made_from", &made_from).append_pair("name", "Bern");
    query
        .append_pair("description", "")
        .append_pair("profile", "prf_1")
        .append_pair("version", "3");

    let form = Form::parse(query.finish().as_bytes()).touched();

    assert_eq!((form.find("name"), form.find("version")), (Some("Bern"), Some("3")));
    assert_eq!((form.find("description"), form.find("profile")), (None, None));
    let now = [("name", "Berlin"), ("description", "South"), ("profile", "prf_1")];
    assert_eq!(form.changed_since(&now), ["description"]);
    assert_eq!(Form::parse(b"name=a").touched().find("name"), Some("a"));
    assert!(Form::parse(b"name=a").changed_since(&now).is_empty());
}

/// A form with two boxes, a list and a long text, of which the sender unchecks one box and adds to the list.
#[test]
fn boxes_and_lists_are_touched_as_a_whole() {
    let long = "long ".repeat(100);
    let made_from = Form::made_from(&[
        ("shared", "on"),
        ("open", ""),
        ("team", ""),
        ("team", "tea_1"),
        ("note", &long),
    ]);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("made_from", &made_from).append_pair("team", "tea_2");
    query.append_pair("team", "tea_1").append_pair("note", &long);

    let form = Form::parse(query.finish().as_bytes()).touched();

    assert!(!form.checked_or("shared", true), "it was unchecked");
    assert!(form.checked_or("open", true), "it was left, and another person has checked it");
    assert_eq!(form.every("team").collect::<Vec<_>>(), ["tea_2", "tea_1"]);
    assert!(form.is_untouched("note") && made_from.len() < long.len());
    assert_eq!(form.whole().text("note"), long.trim());
    assert!(form.is_touched_below("te") && !form.is_touched_below("no"));
    let again = form.over(Form::parse(b"shared=on&open=on&note=new&team=tea_3&version=4"));
    assert_eq!((again.text("note"), again.text("version")), ("new", "4"));
    assert_eq!((again.is_checked("shared"), again.is_checked("open")), (false, true));
    assert_eq!(again.every("team").collect::<Vec<_>>(), ["tea_2", "tea_1"]);
}

/// Changes of a field, of the name of a file and of its content.
const CHANGES: [(&str, &str); 3] =
    [("a@x.io", "c@x.io"), ("a %22b", "c %22b"), ("b@x.io", "d@x.io")];

#[test]
fn the_content_of_a_form_is_the_same_whatever_separates_its_parts() {
    let sent = |boundary: &str, from: &str, to: &str| {
        let body = String::from_utf8_lossy(WITH_FILE).replace("x1", boundary).replace(from, to);
        let kind = format!("multipart/form-data; boundary={boundary}");
        Form::of(&kind, body.as_bytes()).unwrap().content()
    };
    assert_eq!(sent("x1", "", ""), sent("q9", "", ""));
    for (from, to) in CHANGES {
        assert_ne!(sent("x1", from, to), sent("x1", "", ""), "{from}");
    }
    let content = |body: &[u8]| Form::parse(body).content();
    assert_ne!(content(b"a=b&c=d"), content(b"a=bc&d="));
    assert_ne!(content(b"ab=c"), content(b"a=bc"));
}

#[test]
fn the_content_of_a_form_has_no_secret() {
    for field in super::SECRETS {
        let content =
            |value: &str| Form::parse(format!("a=b&{field}={value}").as_bytes()).content();
        assert_eq!(content("one"), content("two"), "{field}");
    }
}

/// The arguments of a macro of a template, from behind its opening bracket on.
fn arguments(call: &str) -> Vec<String> {
    let (mut found, mut depth, mut is_quoted, mut is_escaped) =
        (vec![String::new()], 0, false, false);
    for letter in call.chars() {
        match letter {
            '"' if !is_escaped => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth == 0 => break,
            ')' if !is_quoted => depth -= 1,
            ',' if !is_quoted && depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        is_escaped = letter == '\\' && !is_escaped;
        found.last_mut().expect("an argument").push(letter);
    }
    found.into_iter().map(|one| one.trim().trim_matches('"').to_owned()).collect()
}

/// Whether a field holds what only its sender may know, by its name, its type, and what a browser may fill in.
fn is_secret(name: &str, kind: &str, rest: &str) -> bool {
    let named = ["password", "secret", "token", "private", "recovery"];
    let filled = ["current-password", "new-password", "one-time-code"];
    kind == "password"
        || name == "code"
        || named.iter().any(|part| name.contains(part))
        || filled.iter().any(|word| rest.contains(word))
}

/// The names of the secret fields of a template.
fn secret_fields(template: &str) -> BTreeSet<String> {
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        rest.split('"').next().map(str::to_owned)
    };
    let starts = ["<input", "<textarea", "<select"];
    let tags = starts.iter().flat_map(|start| template.split(start).skip(1));
    let written = tags.filter_map(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        let (name, kind) =
            (attribute(tag, "name")?, attribute(tag, "type").unwrap_or_default());
        // A hidden field sends back what the page itself has said.
        (kind != "hidden" && is_secret(&name, &kind, tag)).then_some(name)
    });
    let made = template.split("c::field(").skip(1).filter_map(|call| {
        let arguments = arguments(call);
        let at = |place: usize| arguments.get(place).map_or("", String::as_str);
        is_secret(at(1), at(3), at(5)).then(|| at(1).to_owned())
    });
    written.chain(made).collect()
}

fn templates(folder: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|one| one.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { templates(&path) } else { vec![path] }).collect()
}

#[test]
fn secret_fields_are_known_by_name_type_and_what_a_browser_fills_in() {
    for (template, expected) in [
        (r#"<input id="f" name="pin" type="password">"#, &["pin"][..]),
        (r#"<input name="code" maxlength="40">"#, &["code"]),
        (r#"<input name="x" autocomplete="one-time-code">"#, &["x"]),
        (r#"<textarea name="private_key"></textarea>"#, &["private_key"]),
        (
            r#"{% call c::field(frame.t("password"), "pin", x.at("b", 1), "password", f.at("p"), "required") %}"#,
            &["pin"],
        ),
        (
            r#"{% call c::field(a, "y", "", "text", b, "autocomplete=\"new-password\" maxlength=1") %}"#,
            &["y"],
        ),
        (r#"<input name="email" type="email"><input type="hidden" name="token">"#, &[]),
        (r#"{% call c::field(t("password"), "name", "", "text", b, "required") %}"#, &[]),
    ] {
        let found: Vec<String> = secret_fields(template).into_iter().collect();
        assert_eq!(found, expected, "{template}");
    }
}

#[test]
fn the_content_of_a_form_leaves_out_every_secret_field_of_every_template() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = BTreeSet::new();
    for path in templates(&folder) {
        let template = std::fs::read_to_string(&path).expect("a template");
        for name in secret_fields(&template) {
            // The macros of components take the name of their caller.
            if name == "{{ f_name }}" {
                continue;
            }
            assert!(super::SECRETS.contains(&&*name), "`{name}` of {}", path.display());
            found.insert(name);
        }
    }

    for name in ["password", "present", "new", "code", "secret", "client_secret"] {
        assert!(found.contains(name), "{name}: {found:?}");
    }
}
