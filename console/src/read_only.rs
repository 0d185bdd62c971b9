//! Pages that are looked at through the eyes of another member: what the server would refuse is disabled, with the reason.
//!
//! **Invariant:** no control of such a page sends a form that would change the workspace. Forms that only read, those of the
//! reader's own account, and the one that ends the view stay as they are.

/// The attribute with the reason, on the body of a page that is looked at so.
const MARK: &str = "data-viewing=\"";

/// What can be filled in or pressed.
const CONTROLS: [&str; 4] = ["button", "input", "select", "textarea"];

/// The page as it is shown: the same, unless it is looked at through the eyes of another member.
pub(crate) fn shown(page: String) -> String {
    match reason(&page) {
        Some(reason) => disabled(&page, reason),
        None => page,
    }
}

/// Why nothing can be changed, as the page says it; none on other pages.
fn reason(page: &str) -> Option<&str> {
    let (_, body) = page.split_once("<body")?;
    let (tag, _) = body.split_once('>')?;
    value(tag, MARK)
}

/// The value of an attribute of a tag, with the quote that begins it. Values of templates have no quotes in them.
fn value<'t>(tag: &'t str, attribute: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(attribute)?;
    rest.split('"').next()
}

/// The tags of a page in order, without their brackets, and the text before each. Texts have no brackets.
fn tags(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split_inclusive('>').map(|part| part.split_once('<').unwrap_or((part, "")))
}

/// The name of a tag: `/form`.
fn name(tag: &str) -> &str {
    tag.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default()
}

/// Whether a control is disabled already. The values of attributes are every second part between quotes.
fn is_disabled(tag: &str) -> bool {
    let mut bare = tag.split('"').step_by(2).flat_map(str::split_whitespace);
    bare.any(|word| word.trim_end_matches('>') == "disabled")
}

/// Whether a form changes the workspace.
fn changes(tag: &str) -> bool {
    let is_sent = name(tag) == "form" && tag.contains(" method=\"post\"");
    is_sent && value(tag, " action=\"").is_none_or(is_of_workspace)
}

/// Whether a path is of the workspace, and neither of the reader's account nor the end of the view.
fn is_of_workspace(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/workspace/") else { return false };
    let below = rest.split_once('/').map_or("", |(_, below)| below);
    below != "view/end" && below.split('/').next() != Some("profile")
}

fn disabled(page: &str, reason: &str) -> String {
    let forms: Vec<&str> = tags(page)
        .filter(|(_, tag)| changes(tag))
        .filter_map(|(_, tag)| value(tag, " id=\""))
        .collect();
    let mut shown = String::with_capacity(page.len() + page.len() / 8);
    let mut is_within = false;
    for (text, tag) in tags(page) {
        shown.push_str(text);
        if tag.is_empty() {
            continue;
        }
        shown.push('<');
        let name = name(tag);
        match name {
            "form" => is_within = changes(tag),
            "/form" => is_within = false,
            _ => {}
        }
        let of = value(tag, " form=\"");
        let is_sent = of.map_or(is_within, |id| forms.contains(&id))
            || value(tag, " formaction=\"").is_some_and(is_of_workspace);
        if CONTROLS.contains(&name) && is_sent && !is_disabled(tag) {
            shown.push_str(name);
            shown.push_str(" disabled");
            if !tag.contains(" title=\"") && !tag.contains(" type=\"hidden\"") {
                for part in [" title=\"", reason, "\""] {
                    shown.push_str(part);
                }
            }
            shown.push_str(&without_posts(tag.strip_prefix(name).unwrap_or_default(), true));
        } else {
            shown.push_str(&without_posts(tag, is_within));
        }
    }
    shown
}

/// A tag that sends nothing by itself.
fn without_posts(tag: &str, is_within: bool) -> String {
    if is_within { tag.replace(" hx-post=\"", " data-off=\"") } else { tag.to_owned() }
}

#[cfg(test)]
mod tests;
