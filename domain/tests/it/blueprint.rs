//! Every shipped blueprint can be read, and is found by its id.

use hallpass_domain::blueprint::{SHIPPED, find};
use hallpass_engine::Blueprint;

#[test]
fn every_shipped_blueprint_is_without_mistakes_and_found_by_its_id() {
    for text in SHIPPED {
        let blueprint = Blueprint::parse(text).unwrap();

        assert_eq!(find(&blueprint.id), Some(text));
    }

    assert_eq!(find("nothing"), None);
}

#[test]
fn the_folder_of_blueprints_ships_whole() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../blueprints");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());

    let texts = files.filter(|path| path.extension().is_some_and(|end| end == "toml"));

    assert_eq!(texts.count(), SHIPPED.len());
}
