//! The lines of an import: those that are records, and what is wrong with the others.

use hallpass_app::record::change::NewRecord;
use hallpass_app::record::import::ImportLine;
use hallpass_domain::record::{Schema, Write};
use hallpass_domain::text::fold;
use serde_json::{Map, Value};

use super::column::{self, Mapped, Part};
use super::kind::Kind;
use super::owner_name::OwnerNames;
use super::table::read;
use super::value::parse;
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal;

/// The lines of a text.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) columns: Vec<Mapped>,
    /// Those that can be imported.
    pub(super) right: Vec<ImportLine>,
    pub(super) mistakes: Vec<Mistake>,
    /// How many there are.
    pub(super) count: usize,
    /// How many cannot be imported.
    pub(super) wrong: usize,
}

/// What is wrong with a line.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) field: String,
    pub(super) text: String,
}

/// A text as a table: its head, its lines, and which part of a record each column is.
struct Table {
    head: Vec<String>,
    lines: Vec<(usize, Vec<String>)>,
    parts: Vec<Option<Part>>,
}

impl Table {
    fn of(frame: &Frame, kind: &Kind, form: &Form) -> Table {
        let mut lines = read(form.exact("text"));
        let head = if lines.is_empty() { Vec::new() } else { lines.remove(0).1 };
        let titles = head.iter().map(String::as_str).enumerate();
        let parts = titles.map(|title| column::part(frame, kind, form, title)).collect();
        Table { head, lines, parts }
    }
}

/// The names of owners in a text.
pub(super) fn owner_names(kind: &Kind, frame: &Frame, form: &Form) -> Vec<String> {
    let table = Table::of(frame, kind, form);
    let Some(place) = table.parts.iter().position(|part| *part == Some(Part::Owner)) else {
        return Vec::new();
    };
    let cells = table.lines.iter().filter_map(|(_, cells)| cells.get(place));
    let mut names: Vec<String> = cells.map(|name| name.trim().to_owned()).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}

impl Lines {
    /// Reads the lines of a form, with the owners that they name.
    pub(super) fn read(frame: &Frame, kind: &Kind, form: &Form, names: &OwnerNames) -> Lines {
        let Table { head, lines, parts } = Table::of(frame, kind, form);
        let columns = head.iter().zip(&parts).enumerate().map(|(place, (title, part))| {
            let first = lines.first().and_then(|(_, cells)| cells.get(place));
            let example = first.map_or("", String::as_str);
            Mapped::of(frame, kind, (place, title), example, *part)
        });
        let mut read =
            Lines { columns: columns.collect(), count: lines.len(), ..Lines::default() };
        let owner = form.filled("owner").and_then(|owner| owner.parse().ok());
        for (number, cells) in lines {
            let cells = cells.iter().map(String::as_str).zip(parts.iter().copied());
            let mut reader =
                LineReader { frame, kind, names, line: number, mistakes: Vec::new() };
            let record = reader.record(cells, NewRecord { owner, ..NewRecord::default() });
            if reader.mistakes.is_empty() {
                read.right.push(ImportLine { number, record });
            } else {
                read.refuse(reader.mistakes);
            }
        }
        read
    }

    /// Counts a line that cannot be imported.
    pub(super) fn refuse(&mut self, mistakes: Vec<Mistake>) {
        self.wrong += 1;
        self.mistakes.extend(mistakes);
    }
}

/// What reads one line.
struct LineReader<'l> {
    frame: &'l Frame,
    kind: &'l Kind,
    names: &'l OwnerNames,
    line: usize,
    mistakes: Vec<Mistake>,
}

impl LineReader<'_> {
    fn record<'c>(
        &mut self,
        cells: impl Iterator<Item = (&'c str, Option<Part>)>,
        blank: NewRecord,
    ) -> NewRecord {
        let (mut record, mut values) = (blank, Map::new());
        for (cell, part) in cells {
            let text = cell.trim();
            match part {
                Some(Part::Field(place)) => {
                    let Some(field) = self.kind.resource.fields.get(place) else { continue };
                    let value = parse(self.frame, field, cell);
                    if value != Value::Null {
                        values.insert(field.key.clone(), value);
                    }
                }
                Some(Part::Owner) if !text.is_empty() => match self.names.find(text) {
                    Some(Ok(owner)) => record.owner = Some(*owner),
                    Some(Err(why)) => {
                        let label = column::owner_label(self.frame);
                        self.refuse(label, why.clone());
                    }
                    None => {}
                },
                Some(Part::Stage) if !text.is_empty() => record.stage = self.stage(text),
                Some(Part::Owner | Part::Stage) | None => {}
            }
        }
        if let Err(errors) = Schema::of(&self.kind.resource).check(&values, Write::New) {
            for error in errors {
                self.refuse(
                    field_name(self.kind, &error.pointer),
                    refusal::of_field(self.frame.text, &error.clone().into()),
                );
            }
        }
        record.fields = values;
        record
    }

    /// The stage of a name, or of a key.
    fn stage(&mut self, text: &str) -> Option<String> {
        let wanted = fold(text);
        let mut stages = self.kind.resource.stages.iter();
        let found = stages.find(|one| fold(&one.key) == wanted || fold(&one.name) == wanted);
        if found.is_none() {
            let label = self.frame.t("record-stage");
            self.refuse(label, self.frame.with("import-stage-unknown", "name", text));
        }
        found.map(|stage| stage.key.clone())
    }

    fn refuse(&mut self, field: String, text: String) {
        self.mistakes.push(Mistake { line: self.line, field, text });
    }
}

fn field_name(kind: &Kind, pointer: &str) -> String {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    let known = kind.resource.fields.iter().find(|field| field.key == key);
    known.map_or(key, |field| &field.name).to_owned()
}
