//! What a member may read of several things, as it is stored beside a file and compared with what they may read later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::record::Reach;

/// The name of everything that has no name of its own.
pub const REST: &str = "";

static NOTHING: Reach = Reach::Nothing;

/// What a member may read, by the name of what it is about. Of what has no name here they may read what they may of the
/// [`REST`], or else nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reaches(BTreeMap<String, Reach>);

/// Reaches as JSON has them. What is missing is not read.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    /// The names of what is read as a whole.
    all: Vec<String>,
    /// The names that have the same owners.
    some: Vec<Group>,
}

#[derive(Serialize, Deserialize)]
struct Group {
    names: Vec<String>,
    owners: Vec<String>,
}

impl FromIterator<(String, Reach)> for Reaches {
    fn from_iter<I: IntoIterator<Item = (String, Reach)>>(pairs: I) -> Reaches {
        Reaches(pairs.into_iter().collect())
    }
}

impl Reaches {
    /// The reach of one thing.
    #[must_use]
    pub fn of(name: &str, reach: Reach) -> Reaches {
        Reaches::from_iter([(name.to_owned(), reach)])
    }

    /// Whether they cover all that others cover.
    #[must_use]
    pub fn includes(&self, others: &Reaches) -> bool {
        others.0.iter().all(|(name, reach)| self.find(name).includes(reach))
    }

    fn find(&self, name: &str) -> &Reach {
        self.0.get(name).or_else(|| self.0.get(REST)).unwrap_or(&NOTHING)
    }

    /// The text that is stored. Names with the same owners share them.
    pub(super) fn to_text(&self) -> String {
        let mut stored = Stored::default();
        let mut some: BTreeMap<&[Uuid], Vec<String>> = BTreeMap::new();
        for (name, reach) in &self.0 {
            match reach {
                Reach::Nothing => {}
                Reach::All => stored.all.push(name.clone()),
                Reach::Owners(owners) => {
                    some.entry(owners.as_slice()).or_default().push(name.clone());
                }
            }
        }
        stored.some = some
            .into_iter()
            .map(|(owners, names)| {
                let owners = owners.iter().map(|owner| owner.simple().to_string()).collect();
                Group { names, owners }
            })
            .collect();
        // Lists of texts have no map whose keys are no texts, which alone would fail.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Reads what is stored.
    pub(super) fn parse(text: &str) -> Option<Reaches> {
        let Stored { all, some } = serde_json::from_str(text).ok()?;
        let mut reaches: BTreeMap<String, Reach> =
            all.into_iter().map(|name| (name, Reach::All)).collect();
        for Group { names, owners } in some {
            let owners = owners.iter().map(|owner| Uuid::parse_str(owner).ok());
            let owners: Vec<Uuid> = owners.collect::<Option<_>>()?;
            reaches.extend(names.into_iter().map(|name| (name, Reach::Owners(owners.clone()))));
        }
        Some(Reaches(reaches))
    }
}
