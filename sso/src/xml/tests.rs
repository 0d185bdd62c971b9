//! Which documents are messages.

use super::{LARGEST, attribute, elements, only_child, parse, parse_metadata, text};
use crate::Refusal;

#[test]
fn elements_attributes_and_text_are_a_message() {
    for message in [
        "<a/>",
        "<?xml version='1.0'?>\n<a b='1'>x</a>\n",
        "<a xmlns='urn:a' xmlns:b='https://b.example/c#'><b:c ID='1'/></a>",
        "<a xmlns='urn:a'><b xmlns=''/></a>",
        "\u{feff}<a/>",
    ] {
        assert!(parse(message).is_ok(), "{message}");
    }
}

#[test]
fn markup_that_parsers_disagree_about_is_not() {
    for message in [
        "<!DOCTYPE a><a/>",
        "<!doctype a><a/>",
        "<a><!ENTITY x 'y'></a>",
        "<a><!-- --></a>",
        "<a/><!-- -->",
        "<a><![CDATA[x]]></a>",
        "<a><?x y?></a>",
        "<a/><?x y?>",
        "<?xml version='1.0'?><?xml version='1.0'?><a/>",
        "<a xmlns:b='relative'/>",
        "<a xmlns='1'/>",
        "<a xmlns:b='urn:ü'/>",
    ] {
        assert!(matches!(parse(message), Err(Refusal::Markup(_))), "{message}");
    }
}

#[test]
fn two_elements_with_one_id_are_not() {
    for message in
        ["<a ID='1'><b ID='1'/></a>", "<a ID='1'><b Id='1'/></a>", "<a ID='1' id='1'/>"]
    {
        assert!(matches!(parse(message), Err(Refusal::Structure(_))), "{message}");
    }
    assert!(parse("<a ID='1'><b ID='2'/></a>").is_ok());
}

#[test]
fn size_depth_and_attributes_have_bounds() {
    let nested = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let wide = |count| {
        format!("<a {}/>", (0..count).map(|n| format!("a{n}='' ")).collect::<Vec<_>>().concat())
    };
    let long = |length| format!("<a>{}</a>", "x".repeat(length));

    assert!(parse(&nested(47)).is_ok());
    assert_eq!(parse(&nested(48)).err(), Some(Refusal::TooLarge));
    assert!(parse(&wide(2000)).is_ok());
    assert_eq!(parse(&wide(2001)).err(), Some(Refusal::TooLarge));
    assert!(parse(&long(LARGEST - 7)).is_ok());
    assert_eq!(parse(&long(LARGEST)).err(), Some(Refusal::TooLarge));
    assert!(parse(&format!("<a>{}</a>", "<b/>".repeat(20_001))).is_err());
}

#[test]
fn metadata_may_have_comments_but_no_document_type() {
    assert!(parse_metadata("<!-- x --><?x y?><a/>").is_ok());
    assert!(parse_metadata("<!DOCTYPE a><a/>").is_err());
}

#[test]
fn reading_is_strict() {
    let document = parse("<a xmlns='urn:a' x='' y='1' b:z='2' xmlns:b='urn:b'> <c>  1 </c>\n<d/><d/><e>x<f/></e></a>").unwrap();
    let root = document.root_element();

    let children = elements(root).unwrap();
    let [c, d, _, e] = children.as_slice() else { panic!("four elements") };

    assert_eq!(text(*c), Ok("1"));
    assert_eq!(text(*d), Ok(""));
    assert!(text(*e).is_err());
    assert!(elements(*e).is_err());
    assert_eq!(attribute(root, "y"), Ok("1"));
    assert!(attribute(root, "x").is_err());
    assert!(attribute(root, "z").is_err());
    assert!(only_child(root, "urn:a", "c").is_ok());
    assert!(only_child(root, "urn:b", "c").is_err());
    assert!(only_child(root, "urn:a", "d").is_err());
}
