//! Every mistake of a body, with its place, code and message.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::*;
use crate::extract::given;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    role: String,
    age: Option<u8>,
    #[serde(default, deserialize_with = "given")]
    team: Option<Option<String>>,
    #[serde(default)]
    checks: Vec<Check>,
    levels: Option<BTreeMap<String, String>>,
    #[serde(default)]
    fields: Map<String, Value>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    resource: String,
    kind: Option<Kind>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Read,
    Update,
}

fn problem(body: &str) -> Problem {
    json::<Form>(body.as_bytes()).unwrap_err()
}

fn mistakes(body: &str) -> Vec<String> {
    let errors = problem(body).errors.into_iter();
    errors.map(|error| format!("{} {}: {}", error.pointer, error.code, error.detail)).collect()
}

#[test]
fn a_right_body_is_read() {
    let body = json!({"name": "Zo\u{eb}", "role": "a\nb", "age": 7, "team": null,
        "checks": [{"resource": "contacts", "kind": "update"}],
        "levels": {"x": "y"}, "fields": {"n": [1, -1, 0.5, u64::MAX, true, null, {"a": "b"}]}});

    let form: Form = json(body.to_string().as_bytes()).unwrap();

    let check = Check { resource: "contacts".to_owned(), kind: Some(Kind::Update) };
    assert_eq!((form.age, form.team, form.checks), (Some(7), Some(None), vec![check]));
    assert_eq!((form.name.as_str(), form.role.as_str()), ("Zo\u{eb}", "a\nb"));
    assert_eq!(Value::Object(form.fields), body["fields"]);
}

#[test]
fn all_mistakes_of_a_body_are_reported_at_once() {
    let body = r#"{"nmae": "Anna", "age": 300, "team": 7, "levels": {"a/b": 3, "c": null},
        "checks": [{"resorce": 1}, {"resource": {}, "kind": "raed"}, []],
        "fields": {"x": 1, "y": {"x": 1, "x": 2}}}"#;

    let mut found = mistakes(body);

    found.sort_unstable();
    assert_eq!(
        found,
        [
            "/age wrong_type: expected a whole number from 0 to 255, found the number `300`",
            "/checks/0/resorce unknown_field: unknown field `resorce`; did you mean `resource`? \
             Known fields: `resource` and `kind`",
            "/checks/0/resource missing: missing field `resource`",
            "/checks/1/kind wrong_type: `raed` is not one of `read` and `update`; did you mean \
             `read`?",
            "/checks/1/resource wrong_type: expected a string, found an object",
            "/checks/2 wrong_type: expected an object, found an array",
            "/fields/y/x repeated: the field `x` occurs more than once",
            "/levels/a~1b wrong_type: expected a string, found the number `3`",
            "/levels/c wrong_type: expected a string, found null",
            "/name missing: missing field `name`",
            "/nmae unknown_field: unknown field `nmae`; did you mean `name`? Known fields: \
             `name`, `role`, `age`, `team`, `checks`, `levels` and `fields`",
            "/role missing: missing field `role`",
            "/team wrong_type: expected a string, found the number `7`",
        ]
    );
}

#[test]
fn a_field_that_occurs_twice_is_refused() {
    let found = mistakes(r#"{"name": "a", "role": "b", "name": "c"}"#);

    assert_eq!(found, ["/name repeated: the field `name` occurs more than once"]);
    let many: Vec<String> = (0..40).map(|n| format!("\"f{}\": 1", n % 30)).collect();
    let body = format!(r#"{{"name": "a", "role": "b", "fields": {{{}}}}}"#, many.join(", "));
    assert_eq!(mistakes(&body).len(), 10);
}

#[test]
fn a_body_that_is_no_object_is_named_as_a_whole() {
    for (body, found) in [("[]", "an array"), ("null", "null"), ("7", "the number `7`")] {
        let expected = format!(" wrong_type: expected the body to be an object, found {found}");
        assert_eq!(mistakes(body), [expected]);
    }
}

#[test]
fn a_syntax_error_has_a_position() {
    let found = problem("{\"name\": \"a\",\n \"role\" \"b\"}");

    assert_eq!(found.code, "not_json");
    assert_eq!(found.detail, "the body is not JSON: expected `:` at line 2 column 9");
    assert_eq!(problem("").detail, "the body is empty; send a JSON object");
    for body in ["{} {}", "{\"name\": 01}", "\u{feff}{}", &"[".repeat(200)] {
        assert_eq!(problem(body).code, "not_json", "{body}");
    }
}

#[test]
fn at_most_a_hundred_mistakes_are_reported() {
    let unknown: Vec<String> = (0..200).map(|n| format!("\"unknown_{n}\": {n}")).collect();
    assert_eq!(mistakes(&format!("{{{}}}", unknown.join(","))).len(), MOST_MISTAKES);
    let wrong = vec!["{}"; 200].join(",");
    assert_eq!(mistakes(&format!("{{\"checks\": [{wrong}]}}")).len(), MOST_MISTAKES);
    // A large body gets fewer passes.
    let wrong = vec![format!("{{{}}}", " ".repeat(100)); 10_000].join(",");
    assert_eq!(mistakes(&format!("{{\"checks\": [{wrong}]}}")).len(), 2);
}

#[test]
fn the_name_of_a_field_is_shortened_in_a_message() {
    let body = format!("{{\"{}\\u0007\": 1}}", "x".repeat(1000));

    let found = mistakes(&body).remove(0);

    assert!(found.len() < 400 && found.contains(&format!("`{}`", "x".repeat(64))), "{found}");
}

#[test]
fn query_parameters_are_read_by_the_type_that_is_expected() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct List {
        q: String,
        limit: Option<usize>,
        #[serde(default)]
        exact: bool,
    }
    let right = query::<List>("limit=7&q=Zo%C3%AB+x&exact=true").unwrap();
    assert_eq!(right, List { q: "Zo\u{eb} x".to_owned(), limit: Some(7), exact: true });

    let check = |text: &str, expected: &[&str]| {
        let errors = query::<List>(text).unwrap_err().errors.into_iter();
        let found: Vec<String> = errors
            .map(|error| format!("{} {}: {}", error.pointer, error.code, error.detail))
            .collect();
        assert_eq!(found, expected, "{text}");
    };
    check(
        "limt=1&exact=yes&limit=-1",
        &[
            "/limt unknown_parameter: unknown parameter `limt`; did you mean `limit`? Known \
             parameters: `q`, `limit` and `exact`",
            "/exact bad_parameter: expected `true` or `false`, found `yes`",
            "/limit bad_parameter: expected a whole number that is not negative, found `-1`",
            "/q bad_parameter: missing parameter `q`",
        ],
    );
    check("q=a&q=b", &["/q bad_parameter: the parameter `q` occurs more than once"]);
    for text in ["q=%00", "q=%ff"] {
        check(text, &["/q bad_parameter: expected UTF-8 without NUL"]);
    }
}

#[test]
fn a_list_or_an_object_that_is_too_large_is_refused_as_a_whole() {
    let fields: Map<String, Value> =
        (0..28_000).map(|number| (format!("f{number}"), json!(1))).collect();
    let checks = vec![json!({"resource": "contacts"}); 10_001];
    let body = json!({"name": "Zo", "role": "r", "checks": checks, "fields": {"deep": fields}});

    assert_eq!(
        mistakes(&body.to_string()),
        [
            "/checks too_many: expected at most 10000 items, found 10001",
            "/fields/deep too_many: expected at most 1000 fields, found 28000",
        ]
    );
}

#[test]
fn a_list_is_read_without_a_tree_as_it_is_with_one() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Questions {
        member: Option<String>,
        checks: Vec<Question>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Question {
        resource: String,
        owner: Option<String>,
    }
    let bodies = [
        (
            r#"{"checks": [{"resource": "contacts"}, {"resource": "a\u00e9[", "owner": null}]}"#,
            true,
        ),
        (r#" {"member": "mbr_1", "checks": []}"#, true),
        (r#"{"checks": [["contacts", null]]}"#, false),
        (r#"[null, [{"resource": "contacts"}]]"#, false),
        (r#"{"checks": [{"resource": "contacts"}], "member": ["x"]}"#, false),
        (r#"{"checks": [{"resource": "contacts", "owners": "x"}]}"#, false),
        (r#"{"checks": [{"resource": "contacts", "resource": "deals"}]}"#, false),
        (r#"{"checks": [{"resource": 7}]}"#, false),
        (r#"{"checks": {"resource": "contacts"}}"#, false),
        (r#"{"checks": [{}], "more": 1}"#, false),
        (r#"{"checks": []} {}"#, false),
        (r#"{"checks": ["#, false),
        ("", false),
    ];
    for (body, is_right) in bodies {
        let (quick, whole) =
            (one_list::<Questions>(body.as_bytes()), json::<Questions>(body.as_bytes()));
        assert_eq!(quick.is_ok(), is_right, "{body}");
        match (quick, whole) {
            (Ok(quick), Ok(whole)) => assert_eq!(quick, whole),
            (quick, whole) => {
                let text = |problem: Problem| serde_json::to_value(problem).unwrap();
                assert_eq!(quick.map_err(text).unwrap_err(), whole.map_err(text).unwrap_err());
            }
        }
    }
}
