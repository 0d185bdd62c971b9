//! Forms with files (RFC 7578).

/// A part of a form: the name of the field, the name of the file if it is one, and the content.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file: Option<String>,
    pub(super) content: Vec<u8>,
}

/// Parses a body whose parts the boundary separates; none where the body is no such form.
pub(super) fn parse(body: &[u8], boundary: &str) -> Option<Vec<Part>> {
    let mark = format!("\r\n--{boundary}");
    let mut parts = Vec::new();
    let mut rest = body.strip_prefix(mark.trim_start().as_bytes())?;
    while !rest.starts_with(b"--") {
        let (part, others) = split_once(rest.strip_prefix(b"\r\n")?, mark.as_bytes())?;
        let (head, content) = split_once(part, b"\r\n\r\n")?;
        let head = std::str::from_utf8(head).ok()?;
        let (name, file) = (parameter(head, "name")?, parameter(head, "filename"));
        parts.push(Part { name, file, content: content.to_vec() });
        rest = others;
    }
    Some(parts)
}

/// The boundary that a content type names, if it is that of a form with files.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let boundary = rest.split(';').find_map(|one| one.trim().strip_prefix("boundary="))?;
    Some(boundary.trim_matches('"')).filter(|boundary| !boundary.is_empty())
}

/// A parameter of the disposition of a part; browsers escape quotes in it as `%22`.
fn parameter(head: &str, name: &str) -> Option<String> {
    let is_disposition =
        |line: &&str| line.to_ascii_lowercase().starts_with("content-disposition: form-data;");
    let line = head.split("\r\n").find(is_disposition)?;
    let value = line.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0;
    Some(value.replace("%22", "\""))
}

fn split_once<'b>(bytes: &'b [u8], mark: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    let (before, rest) = bytes.split_at_checked(at)?;
    Some((before, rest.strip_prefix(mark)?))
}
