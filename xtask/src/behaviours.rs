//! `cargo xtask behaviours`: which behaviours of the catalogue have a test.

mod catalogue;
mod mentions;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::tree::{self, File};
use catalogue::{Behaviour, Surface};

const CATALOGUE: &str = "docs/behaviours.txt";

/// Its tests mention ids without testing the behaviours.
const IGNORED: &str = "xtask";

/// The options of the command.
#[derive(Debug, Default, PartialEq)]
struct Options {
    all: bool,
    layer: Option<String>,
    strict: Option<Surface>,
}

/// The behaviours, and the location of the first test of each id.
struct Coverage {
    behaviours: Vec<Behaviour>,
    places: BTreeMap<String, String>,
    broken: Vec<String>,
}

/// Prints the coverage; fails on unknown ids and on gaps of the strict surface.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = parse(args)?;
    let root = tree::root()?;
    if let Some(layer) = options.layer.as_ref().filter(|layer| !root.join(layer).is_dir()) {
        return Err(format!("no folder `{layer}`"));
    }
    let text = std::fs::read_to_string(root.join(CATALOGUE))
        .map_err(|error| format!("cannot read `{CATALOGUE}`: {error}"))?;
    let coverage =
        measure(catalogue::parse(&text)?, &tree::read(&root)?, options.layer.as_deref());
    print!("{}", coverage.report(options.all));
    coverage.verify(options.strict)
}

fn parse(args: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("`{arg}` needs a value"));
        match arg.as_str() {
            "--all" => options.all = true,
            "--layer" => options.layer = Some(value()?.clone()),
            "--strict" => options.strict = Some(Surface::parse(value()?)?),
            other => return Err(format!("unknown option `{other}`")),
        }
    }
    Ok(options)
}

fn measure(behaviours: Vec<Behaviour>, files: &[File], layer: Option<&str>) -> Coverage {
    let mut coverage = Coverage { behaviours, places: BTreeMap::new(), broken: Vec::new() };
    let tests = files.iter().filter(|file| file.is_test() && file.folder() != IGNORED);
    for file in tests.filter(|file| layer.is_none_or(|layer| file.folder() == layer)) {
        for mention in mentions::find(&file.text) {
            let place = format!("{}:{}", file.path, mention.line);
            match mention.ids {
                Ok(ids) => coverage.add(ids, &place),
                Err(problem) => coverage.broken.push(format!("{place}: {problem}")),
            }
        }
    }
    coverage
}

impl Coverage {
    fn add(&mut self, ids: Vec<String>, place: &str) {
        for id in ids {
            if self.behaviours.iter().any(|behaviour| behaviour.id == id) {
                self.places.entry(id).or_insert_with(|| place.to_owned());
            } else {
                self.broken.push(format!("{place}: no behaviour `{id}`"));
            }
        }
    }

    fn is_covered(&self, behaviour: &Behaviour) -> bool {
        self.places.contains_key(&behaviour.id)
    }

    fn of(&self, surface: Surface) -> impl Iterator<Item = &Behaviour> {
        self.behaviours.iter().filter(move |behaviour| behaviour.surface == surface)
    }

    fn missing(&self, surface: Surface) -> impl Iterator<Item = &Behaviour> {
        self.of(surface).filter(|behaviour| !self.is_covered(behaviour))
    }

    fn report(&self, all: bool) -> String {
        let mut out = String::new();
        for behaviour in self.behaviours.iter().filter(|_| all) {
            self.describe(behaviour, &mut out);
        }
        for surface in Surface::ALL.into_iter().filter(|_| !all) {
            self.describe_gaps(surface, &mut out);
        }
        for problem in &self.broken {
            let _ = writeln!(out, "{problem}");
        }
        let _ = writeln!(out, "{}", self.summary());
        out
    }

    fn describe(&self, behaviour: &Behaviour, out: &mut String) {
        let Behaviour { id, kind, surface, text } = behaviour;
        let place = self.places.get(id).map_or("no test", String::as_str);
        let _ = writeln!(out, "{id} {kind} {surface} [{place}] {text}");
    }

    fn describe_gaps(&self, surface: Surface, out: &mut String) {
        let gaps = runs(self.missing(surface));
        if !gaps.is_empty() {
            let _ = writeln!(out, "{surface}, without a test: {}", gaps.join(" "));
        }
    }

    fn summary(&self) -> String {
        let surfaces = Surface::ALL.map(|surface| {
            let total = self.of(surface).count();
            format!("{surface} {}/{total}", total - self.missing(surface).count())
        });
        let covered = self.places.len();
        format!("covered {covered} of {} ({})", self.behaviours.len(), surfaces.join(", "))
    }

    fn verify(&self, strict: Option<Surface>) -> Result<(), String> {
        let mut problems = Vec::new();
        if !self.broken.is_empty() {
            problems.push("tests mention behaviours that do not exist".to_owned());
        }
        for behaviour in strict.into_iter().flat_map(|surface| self.missing(surface)) {
            problems.push(format!("no test for {}: {}", behaviour.id, behaviour.text));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }
}

/// Joins consecutive ids to ranges.
fn runs<'a>(behaviours: impl Iterator<Item = &'a Behaviour>) -> Vec<String> {
    let mut runs: Vec<(&Behaviour, &Behaviour)> = Vec::new();
    for behaviour in behaviours {
        match runs.last_mut() {
            Some((_, last)) if last.is_followed_by(behaviour) => *last = behaviour,
            _ => runs.push((behaviour, behaviour)),
        }
    }
    let write = |(first, last): (&Behaviour, &Behaviour)| {
        if first == last { first.id.clone() } else { format!("{}..{}", first.id, last.id) }
    };
    runs.into_iter().map(write).collect()
}

#[cfg(test)]
mod tests;
