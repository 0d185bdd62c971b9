//! Canonical forms as another implementation has them, and what they promise.

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use roxmltree::Document;

use super::canonicalize;

fn canonical(text: &str, inclusive: &[&str]) -> String {
    let document = Document::parse(text).unwrap();
    String::from_utf8(canonicalize(document.root_element(), inclusive, None).unwrap()).unwrap()
}

/// The right sides are the output of `xmllint --exc-c14n` (libxml2).
#[test]
fn documents_have_the_canonical_form_that_libxml2_gives_them() {
    for (text, expected) in [
        ("<a/>", "<a></a>"),
        (r#"<a b='1' a="2"  />"#, r#"<a a="2" b="1"></a>"#),
        (
            r#"<n:a xmlns:n="urn:n" xmlns:m="urn:m"><n:b m:x="1" x="2"/></n:a>"#,
            r#"<n:a xmlns:n="urn:n"><n:b xmlns:m="urn:m" x="2" m:x="1"></n:b></n:a>"#,
        ),
        (
            r#"<a xmlns="urn:d"><b xmlns=""><c/></b></a>"#,
            r#"<a xmlns="urn:d"><b xmlns=""><c></c></b></a>"#,
        ),
        (
            r#"<a xmlns="urn:d"><b xmlns="urn:d"><c xmlns="urn:e"/></b></a>"#,
            r#"<a xmlns="urn:d"><b><c xmlns="urn:e"></c></b></a>"#,
        ),
        (
            r#"<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c xmlns:p="urn:1"/></p:b></p:a>"#,
            r#"<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c xmlns:p="urn:1"></p:c></p:b></p:a>"#,
        ),
        (
            r#"<a xmlns:z="urn:a" xmlns:y="urn:b" z:k="1" y:k="2" k="3"/>"#,
            r#"<a xmlns:y="urn:b" xmlns:z="urn:a" k="3" z:k="1" y:k="2"></a>"#,
        ),
        (
            r#"<a>x &lt; y &amp;&#38; z &gt; w &#13; "q" 's' ]]&gt;</a>"#,
            r#"<a>x &lt; y &amp;&amp; z &gt; w &#xD; "q" 's' ]]&gt;</a>"#,
        ),
        (
            r#"<a v="x &lt; y &amp; &gt; &quot; ' &#9;&#10;&#13; end"/>"#,
            r#"<a v="x &lt; y &amp; > &quot; ' &#x9;&#xA;&#xD; end"></a>"#,
        ),
        ("<a v=\"one\ntwo\tthree  four\"/>", r#"<a v="one two three  four"></a>"#),
        ("<a>\n  <b/>\n\t<c> </c>\n</a>", "<a>\n  <b></b>\n\t<c> </c>\n</a>"),
        (
            r#"<a xml:lang="en" xml:space="preserve"><b xml:lang="de"/></a>"#,
            r#"<a xml:lang="en" xml:space="preserve"><b xml:lang="de"></b></a>"#,
        ),
        (
            r#"<é:ü xmlns:é="urn:e-acute" ß="€">日本 😀</é:ü>"#,
            r#"<é:ü xmlns:é="urn:e-acute" ß="€">日本 😀</é:ü>"#,
        ),
        (
            r#"<a xmlns:u="urn:unused"><u:b><c u:d="1"/></u:b><u:b/></a>"#,
            r#"<a><u:b xmlns:u="urn:unused"><c u:d="1"></c></u:b><u:b xmlns:u="urn:unused"></u:b></a>"#,
        ),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a\n  b=\"1\"\n/>\n", r#"<a b="1"></a>"#),
        (
            r#"<a xmlns="urn:d" xmlns:p="urn:d"><p:b c="1" p:c="2"/></a>"#,
            r#"<a xmlns="urn:d"><p:b xmlns:p="urn:d" c="1" p:c="2"></p:b></a>"#,
        ),
        (r#"<a b="&#x20AC;&#65;"/>"#, r#"<a b="€A"></a>"#),
    ] {
        assert_eq!(canonical(text, &[]), expected, "{text}");
    }
}

#[test]
fn a_part_of_a_document_declares_what_it_uses_and_nothing_else() {
    let text = r#"<a xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q"><p:b><c/></p:b></a>"#;
    let document = Document::parse(text).unwrap();
    let part = document.root_element().first_element_child().unwrap();

    let plain = String::from_utf8(canonicalize(part, &[], None).unwrap()).unwrap();
    let listed = canonicalize(part, &["q", "#default"], None).unwrap();

    assert_eq!(plain, r#"<p:b xmlns:p="urn:p"><c xmlns="urn:d"></c></p:b>"#);
    assert_eq!(
        String::from_utf8(listed).unwrap(),
        r#"<p:b xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q"><c></c></p:b>"#
    );
}

#[test]
fn the_element_that_is_left_out_is_left_out_alone() {
    let text = "<a><s><x/></s><b/><s/></a>";
    let document = Document::parse(text).unwrap();
    let signature = document.root_element().first_element_child().unwrap();

    let canonical = canonicalize(document.root_element(), &[], Some(signature.id())).unwrap();

    assert_eq!(String::from_utf8(canonical).unwrap(), "<a><b></b><s></s></a>");
}

fn arb_element() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::{Strategy, prop};
    let names = prop::sample::select(vec!["a", "p:b", "q:c", "d"]);
    let attributes = prop::sample::select(vec![
        "",
        " x='1'",
        " p:x=\"&lt;&#10;\" x='2'",
        " xmlns='urn:d'",
        " xmlns=''",
        " xmlns:p='urn:other'",
        " q:z='&amp;' xmlns:q='urn:again'",
    ]);
    let texts = prop::sample::select(vec!["", " ", "x&amp;y", "&#13;\n", "ü"]);
    let leaf = (names.clone(), attributes.clone(), texts)
        .prop_map(|(name, attributes, text)| format!("<{name}{attributes}>{text}</{name}>"));
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (names.clone(), attributes.clone(), prop::collection::vec(inner, 0..4)).prop_map(
            |(name, attributes, inner)| {
                format!("<{name}{attributes}>{}</{name}>", inner.concat())
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_canonical_form_is_its_own_and_means_the_same(inner in arb_element()) {
        let text = format!("<r xmlns:p='urn:p' xmlns:q='urn:q'>{inner}</r>");

        let once = canonical(&text, &[]);

        prop_assert_eq!(&canonical(&once, &[]), &once);
        let (before, after) = (Document::parse(&text).unwrap(), Document::parse(&once).unwrap());
        let names = |document: &Document<'_>| -> Vec<String> {
            let mut all = Vec::new();
            for node in document.descendants() {
                let mut attributes: Vec<String> =
                    node.attributes().map(|a| format!("{:?}{}={}", a.namespace(), a.name(), a.value())).collect();
                attributes.sort();
                let namespace = node.tag_name().namespace().filter(|uri| !uri.is_empty());
                all.push(format!("{namespace:?}{}{attributes:?}{:?}", node.tag_name().name(), node.text()));
            }
            all
        };
        prop_assert_eq!(names(&before), names(&after));
    }
}
