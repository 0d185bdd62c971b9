//! Slugs, and texts that are none.

use super::*;

#[test]
fn a_slug_has_the_shape_of_a_url_segment() {
    for text in ["ab", "acme", "acme-2", "2fast", &"a".repeat(40)] {
        let slug = Slug::parse(text).unwrap();
        assert_eq!((slug.as_str(), slug.to_string().as_str()), (text, text));
    }
    for text in ["", "a", "Acme", "acme_2", "-acme", "acme-", "ä-b", "a b", &"a".repeat(41)] {
        assert_eq!(Slug::parse(text), Err(SlugError::Shape), "{text}");
    }
    assert_eq!(Slug::parse("api"), Err(SlugError::Reserved));
}
