//! The name and the description of a role, profile, team or department, as a request gives them.

use hallpass_domain::name::{Name, description};
use hallpass_domain::refusal::{FieldError, Refusal};

/// A name with a description.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) name: Name,
    pub(crate) description: String,
}

impl Label {
    /// Reads the label of something new, which needs a name.
    pub(crate) fn create(
        name: Option<&str>,
        description: Option<&str>,
    ) -> Result<Label, Refusal> {
        read(None, name, description)
    }

    /// Reads a changed label; what the request leaves out stays.
    pub(crate) fn update(
        self,
        name: Option<&str>,
        description: Option<&str>,
    ) -> Result<Label, Refusal> {
        read(Some(self), name, description)
    }
}

fn read(
    current: Option<Label>,
    new_name: Option<&str>,
    new_description: Option<&str>,
) -> Result<Label, Refusal> {
    let (current_name, current_description) =
        current.map(|label| (label.name, label.description)).unzip();
    let name = match (new_name, current_name) {
        (Some(text), _) => Name::parse(text)
            .map_err(|error| FieldError::new("/name", "bad_name", error.to_string())),
        (None, Some(name)) => Ok(name),
        (None, None) => Err(FieldError::new("/name", "missing", "a name is required")),
    };
    let description = match new_description {
        Some(text) => description(text).map_err(|error| {
            FieldError::new("/description", "bad_description", error.to_string())
        }),
        None => Ok(current_description.unwrap_or_default()),
    };
    match (name, description) {
        (Ok(name), Ok(description)) => Ok(Label { name, description }),
        (name, description) => {
            let errors = name.err().into_iter().chain(description.err());
            Err(Refusal::Fields(errors.collect()))
        }
    }
}
