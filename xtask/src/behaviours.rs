//! `cargo xtask behaviours`: which behaviours of the catalogue have a test, and which have none.

mod catalogue;
mod mentions;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::tree::{self, File};
use catalogue::{Behaviour, Door};

const CATALOGUE: &str = "docs/behaviours.txt";

/// Its tests speak of ids without testing what they stand for.
const NOT_LOOKED_AT: &str = "xtask";

/// What was asked for.
#[derive(Debug, Default, PartialEq)]
struct Options {
    all: bool,
    floor: Option<String>,
    strict: Option<Door>,
}

/// What was found: the first place of each id that tests name.
struct Coverage {
    behaviours: Vec<Behaviour>,
    places: BTreeMap<String, String>,
    broken: Vec<String>,
}

/// Prints what is tested, and fails on ids that do not exist and on gaps behind the strict door.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = parse(args)?;
    let root = tree::root()?;
    if let Some(floor) = options.floor.as_ref().filter(|floor| !root.join(floor).is_dir()) {
        return Err(format!("no folder `{floor}`"));
    }
    let text = std::fs::read_to_string(root.join(CATALOGUE))
        .map_err(|error| format!("cannot read `{CATALOGUE}`: {error}"))?;
    let coverage =
        look(catalogue::parse(&text)?, &tree::read(&root)?, options.floor.as_deref());
    print!("{}", coverage.report(options.all));
    coverage.judge(options.strict)
}

fn parse(args: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("`{arg}` needs a value"));
        match arg.as_str() {
            "--all" => options.all = true,
            "--floor" => options.floor = Some(value()?.clone()),
            "--strict" => options.strict = Some(Door::parse(value()?)?),
            other => return Err(format!("no option `{other}`")),
        }
    }
    Ok(options)
}

fn look(behaviours: Vec<Behaviour>, files: &[File], floor: Option<&str>) -> Coverage {
    let mut coverage = Coverage { behaviours, places: BTreeMap::new(), broken: Vec::new() };
    let tests = files.iter().filter(|file| file.is_test() && file.folder() != NOT_LOOKED_AT);
    for file in tests.filter(|file| floor.is_none_or(|floor| file.folder() == floor)) {
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

    fn behind(&self, door: Door) -> impl Iterator<Item = &Behaviour> {
        self.behaviours.iter().filter(move |behaviour| behaviour.door == door)
    }

    fn missing(&self, door: Door) -> impl Iterator<Item = &Behaviour> {
        self.behind(door).filter(|behaviour| !self.is_covered(behaviour))
    }

    fn report(&self, all: bool) -> String {
        let mut out = String::new();
        for behaviour in self.behaviours.iter().filter(|_| all) {
            self.describe(behaviour, &mut out);
        }
        for door in Door::ALL.into_iter().filter(|_| !all) {
            self.describe_gaps(door, &mut out);
        }
        for problem in &self.broken {
            let _ = writeln!(out, "{problem}");
        }
        let _ = writeln!(out, "{}", self.summary());
        out
    }

    fn describe(&self, behaviour: &Behaviour, out: &mut String) {
        let Behaviour { id, kind, door, text } = behaviour;
        let place = self.places.get(id).map_or("no test", String::as_str);
        let _ = writeln!(out, "{id} {kind} {door} [{place}] {text}");
    }

    fn describe_gaps(&self, door: Door, out: &mut String) {
        let gaps = runs(self.missing(door));
        if !gaps.is_empty() {
            let _ = writeln!(out, "{door}, without a test: {}", gaps.join(" "));
        }
    }

    fn summary(&self) -> String {
        let doors = Door::ALL.map(|door| {
            let behind = self.behind(door).count();
            format!("{door} {}/{behind}", behind - self.missing(door).count())
        });
        let covered = self.places.len();
        format!("covered {covered} of {} ({})", self.behaviours.len(), doors.join(", "))
    }

    fn judge(&self, strict: Option<Door>) -> Result<(), String> {
        let mut problems = Vec::new();
        if !self.broken.is_empty() {
            problems.push("tests name behaviours that do not exist".to_owned());
        }
        for behaviour in strict.into_iter().flat_map(|door| self.missing(door)) {
            problems.push(format!("no test for {}: {}", behaviour.id, behaviour.text));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }
}

/// Writes ids that follow each other as ranges.
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
