//! The catalogue of behaviours, one per line: `ID KIND SURFACE text`.

use std::fmt;

/// The innermost part of the product that can show a behaviour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Surface {
    Engine,
    Api,
    Page,
    SignIn,
}

impl Surface {
    pub(super) const ALL: [Self; 4] = [Self::Engine, Self::Api, Self::Page, Self::SignIn];

    pub(super) fn parse(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|surface| surface.name() == name)
            .ok_or_else(|| format!("unknown surface `{name}`: use engine, api, page or signin"))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Api => "api",
            Self::Page => "page",
            Self::SignIn => "signin",
        }
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A behaviour that the product must have.
#[derive(Debug, PartialEq)]
pub(super) struct Behaviour {
    pub(super) id: String,
    pub(super) kind: char,
    pub(super) surface: Surface,
    pub(super) text: String,
}

impl Behaviour {
    /// Returns whether another behaviour is the next one of the same system.
    pub(super) fn is_followed_by(&self, other: &Self) -> bool {
        let number = |behaviour: &Self| {
            let (system, number) = behaviour.id.rsplit_once('-')?;
            Some((system.to_owned(), number.parse::<u16>().ok()?))
        };
        number(self).map(|(system, last)| (system, last + 1)) == number(other)
    }
}

/// Parses the catalogue; empty lines and lines that begin with `#` are ignored.
pub(super) fn parse(text: &str) -> Result<Vec<Behaviour>, String> {
    let mut behaviours: Vec<Behaviour> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let behaviour =
            parse_line(line).map_err(|problem| format!("line {number}: {problem}"))?;
        if behaviours.iter().any(|earlier| earlier.id == behaviour.id) {
            return Err(format!("line {number}: duplicate `{}`", behaviour.id));
        }
        behaviours.push(behaviour);
    }
    Ok(behaviours)
}

fn parse_line(line: &str) -> Result<Behaviour, String> {
    let mut parts = line.splitn(4, ' ');
    let mut part = || parts.next().filter(|part| !part.is_empty());
    let (Some(id), Some(kind), Some(surface), Some(text)) = (part(), part(), part(), part())
    else {
        return Err("expected `ID KIND SURFACE text`".to_owned());
    };
    let kind = match kind {
        "E" => 'E',
        "I" => 'I',
        "A" => 'A',
        other => return Err(format!("unknown kind `{other}`: use E, I or A")),
    };
    Ok(Behaviour {
        id: id.to_owned(),
        kind,
        surface: Surface::parse(surface)?,
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests;
