//! Hides secrets in values that are shown.

/// What is shown in place of a secret.
pub(super) const HIDDEN: &str = "***";

/// Hides the password in a URL: everything up to the last `@`, since a password may contain one, and
/// the value of `password=`.
pub(super) fn mask_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let rest = match rest.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:{HIDDEN}@{host}"),
            None => format!("{user}@{host}"),
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
