//! The style sheet turns with the direction of the text.

/// Properties that name a side of the screen; those that name the start or the end of a line follow the language.
const SIDES: [&str; 10] = [
    " left:",
    " right:",
    "margin-left",
    "margin-right",
    "padding-left",
    "padding-right",
    "border-left",
    "border-right",
    "text-align: left",
    "text-align: right",
];

#[test]
fn no_rule_names_the_left_or_the_right() {
    let style = include_str!("../../../web/assets/console.css");
    for (number, line) in (1..).zip(style.lines()) {
        for side in SIDES {
            assert!(!line.contains(side), "console.css:{number}: `{}`: {line}", side.trim());
        }
    }
}
