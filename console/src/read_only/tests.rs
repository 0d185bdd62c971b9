//! Pages in a view: what the server would refuse is disabled, and nothing else.

use super::shown;

fn viewed(main: &str) -> String {
    let page =
        format!("<!doctype html>\n<body data-viewing=\"Not now.\"><main>{main}</main></body>");
    let shown = shown(page);
    let (_, rest) = shown.split_once("<main>").expect("the start");
    rest.split_once("</main>").expect("the end").0.to_owned()
}

fn check(main: &str, expected: &str) {
    assert_eq!(viewed(main), expected);
}

#[test]
fn a_page_that_is_not_looked_at_through_other_eyes_stays_as_it_is() {
    let page = "<body class=\"console\"><form method=\"post\"><button>Save</button></form> data-viewing=\"x\"";
    assert_eq!(shown(page.to_owned()), page);
}

#[test]
fn what_changes_the_workspace_is_disabled_with_the_reason() {
    check(
        "<form method=\"post\" action=\"/workspace/a/x\"><input type=\"hidden\" name=\"once\"><textarea name=\"n\">a &lt; b</textarea>\
         <button>Save</button></form><button>Menu</button>",
        "<form method=\"post\" action=\"/workspace/a/x\"><input disabled type=\"hidden\" name=\"once\"><textarea disabled \
         title=\"Not now.\" name=\"n\">a &lt; b</textarea><button disabled title=\"Not now.\">Save</button></form><button>Menu</button>",
    );
    check(
        "<form method=\"post\"><select title=\"Role\"></select><button class=\"a\" disabled></button></form>",
        "<form method=\"post\"><select disabled title=\"Role\"></select><button class=\"a\" disabled></button></form>",
    );
}

#[test]
fn a_word_in_a_value_is_no_attribute() {
    check(
        "<form method=\"post\"><input value=\"is disabled now\"></form>",
        "<form method=\"post\"><input disabled title=\"Not now.\" value=\"is disabled now\"></form>",
    );
}

#[test]
fn what_belongs_to_such_a_form_from_elsewhere_is_disabled_too() {
    check(
        "<input form=\"bulk\"><input form=\"filter\"><form id=\"filter\"></form><form method=\"post\" id=\"bulk\"></form>",
        "<input disabled title=\"Not now.\" form=\"bulk\"><input form=\"filter\"><form id=\"filter\"></form>\
         <form method=\"post\" id=\"bulk\"></form>",
    );
    check(
        "<form><button formaction=\"/workspace/a/b\">Try</button></form>",
        "<form><button disabled title=\"Not now.\" formaction=\"/workspace/a/b\">Try</button></form>",
    );
    check(
        "<form method=\"post\"><div hx-post=\"/workspace/a/preview\" hx-trigger=\"load\"></div></form>",
        "<form method=\"post\"><div data-off=\"/workspace/a/preview\" hx-trigger=\"load\"></div></form>",
    );
}

#[test]
fn what_reads_and_what_is_of_the_reader_stays_as_it_is() {
    for form in [
        "<form method=\"get\" action=\"/workspace/a/records/deals\"><input name=\"q\"><button>Search</button></form>",
        "<form><select name=\"by\"></select></form>",
        "<form method=\"post\" action=\"/workspace/a/view/end\"><button>Back</button></form>",
        "<form method=\"post\" action=\"/workspace/a/profile\"><select name=\"locale\"></select></form>",
        "<form method=\"post\" action=\"/workspace/a/profile/sessions/ses_1\"><button>End</button></form>",
        "<form method=\"post\" action=\"/sign-out\"><button>Sign out</button></form>",
    ] {
        check(form, form);
    }
    let path = "<form method=\"post\" action=\"/workspace/a/profiles\"><button disabled title=\"Not now.\">Add</button></form>";
    check(&path.replace(" disabled title=\"Not now.\"", ""), path);
}
