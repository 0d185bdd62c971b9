//! The groups of files that are mutated, and the mutants that are equivalent to the code.

use toml::de::DeTable;

/// Some files, and the packages whose tests must notice each mutant of them.
#[derive(Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) files: Vec<String>,
    pub(crate) packages: Vec<String>,
    /// Beginnings of names of slow tests that hold nothing of these files, and are left out.
    pub(crate) skip: Vec<String>,
}

/// A mutant that does the same as the code, with the reason.
#[derive(Debug, PartialEq)]
pub(crate) struct Equivalent {
    pub(crate) file: String,
    /// What the mutant changes, in the words of cargo-mutants.
    pub(crate) mutant: String,
    /// The line of the source, without indentation.
    pub(crate) line: String,
}

/// Both lists.
#[derive(Debug, PartialEq)]
pub(crate) struct Lists {
    pub(crate) groups: Vec<Group>,
    pub(crate) equivalent: Vec<Equivalent>,
}

/// Parses `xtask/mutants.toml`.
pub(crate) fn parse(text: &str) -> Result<Lists, String> {
    let table = DeTable::parse(text).map_err(|error| error.to_string())?.into_inner();
    for key in table.keys().map(|key| key.get_ref().as_ref()) {
        if key != "group" && key != "equivalent" {
            return Err(format!("unknown key `{key}`"));
        }
    }
    let groups = tables(&table, "group")?.into_iter().map(group);
    let equivalent = tables(&table, "equivalent")?.into_iter().map(equivalent);
    Ok(Lists {
        groups: groups.collect::<Result<_, _>>()?,
        equivalent: equivalent.collect::<Result<_, _>>()?,
    })
}

fn tables<'t>(table: &'t DeTable<'_>, key: &str) -> Result<Vec<&'t DeTable<'t>>, String> {
    let Some(value) = table.get(key) else { return Ok(Vec::new()) };
    let tables = value.get_ref().as_array().into_iter().flatten();
    let tables: Vec<_> = tables.filter_map(|one| one.get_ref().as_table()).collect();
    if tables.is_empty() { Err(format!("`{key}` is not a list of tables")) } else { Ok(tables) }
}

fn group(table: &DeTable<'_>) -> Result<Group, String> {
    let required = |key: &str| {
        let texts = texts(table, key);
        if texts.is_empty() { Err(format!("a group has no `{key}`")) } else { Ok(texts) }
    };
    Ok(Group {
        name: text(table, "name")?,
        files: required("files")?,
        packages: required("packages")?,
        skip: texts(table, "skip"),
    })
}

fn texts(table: &DeTable<'_>, key: &str) -> Vec<String> {
    let list = table.get(key).and_then(|list| list.get_ref().as_array());
    let texts = list.into_iter().flatten().filter_map(|one| one.get_ref().as_str());
    texts.map(str::to_owned).collect()
}

fn equivalent(table: &DeTable<'_>) -> Result<Equivalent, String> {
    text(table, "because")?;
    Ok(Equivalent {
        file: text(table, "file")?,
        mutant: text(table, "mutant")?,
        line: text(table, "line")?,
    })
}

fn text(table: &DeTable<'_>, key: &str) -> Result<String, String> {
    let found = table.get(key).and_then(|value| value.get_ref().as_str());
    let found = found.filter(|text| !text.is_empty());
    found.map(str::to_owned).ok_or_else(|| format!("an entry has no `{key}`"))
}

/// A mutant as cargo-mutants lists it: `file:line:column: what it changes`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mutant {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) change: String,
}

impl Mutant {
    /// Parses a line of the list.
    pub(crate) fn parse(name: &str) -> Option<Mutant> {
        let (place, change) = name.split_once(": ")?;
        let mut parts = place.rsplitn(3, ':');
        let _column: usize = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        Some(Mutant {
            name: name.to_owned(),
            file: parts.next()?.to_owned(),
            line,
            change: change.to_owned(),
        })
    }
}

impl Equivalent {
    /// Whether the entry is about a mutant of a source.
    pub(crate) fn is_about(&self, mutant: &Mutant, source: &str) -> bool {
        let line = mutant.line.checked_sub(1).and_then(|at| source.lines().nth(at));
        self.file == mutant.file
            && self.mutant == mutant.change
            && line.is_some_and(|line| line.trim() == self.line)
    }
}

#[cfg(test)]
mod tests;
