//! The lines of a file, one at a time: each is bounded, and what was read can be compared.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::report::Problem;
use crate::error::Error;

/// The longest line, in bytes: the largest entry of an audit log has the largest record twice.
pub const LONGEST_LINE: usize = 12 << 20;

/// What a line is about. The order is that of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Workspace,
    Department,
    Role,
    Profile,
    Team,
    Report,
    View,
    RecordType,
    Member,
    Invitation,
    Record,
    Event,
    Audit,
    AuditSubject,
    End,
}

impl Kind {
    /// The word in the file.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Kind::Workspace => "workspace",
            Kind::Department => "department",
            Kind::Role => "role",
            Kind::Profile => "profile",
            Kind::Team => "team",
            Kind::Report => "report",
            Kind::View => "view",
            Kind::RecordType => "record_type",
            Kind::Member => "member",
            Kind::Invitation => "invitation",
            Kind::Record => "record",
            Kind::Event => "event",
            Kind::Audit => "audit",
            Kind::AuditSubject => "audit_subject",
            Kind::End => "end",
        }
    }

    /// The place of its lines in a file: events are among the records.
    pub(super) fn place(self) -> Kind {
        if self == Kind::Event { Kind::Record } else { self }
    }
}

/// A line of a file.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) kind: Kind,
    text: Vec<u8>,
}

impl Line {
    /// Its length in bytes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Reads what it says.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_slice(&self.text).map_err(|error| explained(&error))
    }
}

/// The lines of a file.
pub(super) struct Lines {
    reader: BufReader<File>,
    number: u64,
    hash: Sha256,
    /// Whether what follows is no line.
    is_over: bool,
}

impl Lines {
    /// The lines of a file from its beginning.
    pub(super) fn of(file: &File) -> Result<Lines, Error> {
        let open = || {
            let mut file = file.try_clone()?;
            file.rewind()?;
            Ok::<_, std::io::Error>(file)
        };
        let file = open().map_err(|error| unreadable(&error))?;
        Ok(Lines {
            reader: BufReader::new(file),
            number: 0,
            hash: Sha256::new(),
            is_over: false,
        })
    }

    /// Reads the next line, if there is one.
    pub(super) fn next(&mut self) -> Result<Result<Option<Line>, Problem>, Error> {
        #[derive(Deserialize)]
        struct Kinded {
            kind: Kind,
        }
        if self.is_over {
            return Ok(Ok(None));
        }
        let mut text = Vec::new();
        let most = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX) + 1;
        let read = self.reader.by_ref().take(most).read_until(b'\n', &mut text);
        if read.map_err(|error| unreadable(&error))? == 0 {
            return Ok(Ok(None));
        }
        self.hash.update(&text);
        self.number += 1;
        let number = self.number;
        if text.pop_if(|last| *last == b'\n').is_none() {
            self.is_over = true;
            let why = if text.len() > LONGEST_LINE {
                format!("it has more than {LONGEST_LINE} bytes, as many as a line may have")
            } else {
                "it is not whole: the file was cut off; export the workspace again".to_owned()
            };
            return Ok(Err(Problem::at(number, why)));
        }
        let line = serde_json::from_slice::<Kinded>(&text)
            .map(|Kinded { kind }| Line { number, kind, text })
            .map_err(|error| Problem::at(number, explained(&error)));
        Ok(line.map(Some))
    }

    /// The hash of what was read.
    pub(super) fn into_hash(self) -> Vec<u8> {
        self.hash.finalize().to_vec()
    }
}

fn unreadable(error: &std::io::Error) -> Error {
    Error::broken(format!("cannot read the file: {error}"))
}

/// What is wrong with JSON, without the number of its only line.
fn explained(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}
