//! Hides what is secret in a setting before it is shown.

const HIDDEN: &str = "***";

/// A setting as it may be shown.
pub(super) fn mask(name: &str, text: &str) -> String {
    match name {
        "stripe_secret" => HIDDEN.to_owned(),
        "database" | "mail" => mask_url(text),
        _ => text.to_owned(),
    }
}

/// Hides the password of a URL: up to the last `@`, since a password may hold what others end at;
/// and whatever comes after `password=`.
fn mask_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let rest = match rest.rsplit_once('@') {
        Some((user, place)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:{HIDDEN}@{place}"),
            None => format!("{user}@{place}"),
        },
        None => rest.to_owned(),
    };
    let rest = match rest.split_once("password=") {
        Some((before, after)) => {
            let others =
                after.split_once('&').map_or(String::new(), |(_, rest)| format!("&{rest}"));
            format!("{before}password={HIDDEN}{others}")
        }
        None => rest,
    };
    format!("{scheme}://{rest}")
}

#[cfg(test)]
mod tests;
