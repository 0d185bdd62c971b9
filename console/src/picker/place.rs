//! What a choice is about, what is offered besides, and where it is.

use crate::form::Form;
use crate::frame::Frame;

/// The value of records without an owner.
pub(crate) const UNOWNED: &str = "unowned";

/// A value to choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) is_chosen: bool,
}

/// What is chosen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noun {
    Teams,
    Departments,
    /// Active members.
    Members,
    /// Active members whose role manages.
    Managers,
}

impl Noun {
    pub(super) const EVERY: [Noun; 4] =
        [Noun::Teams, Noun::Departments, Noun::Members, Noun::Managers];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Noun::Teams => "teams",
            Noun::Departments => "departments",
            Noun::Members => "members",
            Noun::Managers => "managers",
        }
    }

    pub(super) const fn find(self) -> &'static str {
        match self {
            Noun::Teams => "pick-find-team",
            Noun::Departments => "pick-find-department",
            Noun::Members | Noun::Managers => "pick-find-member",
        }
    }
}

/// What an option without a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// There is none: something has to be chosen.
    Missing,
    /// No department.
    None,
    /// No department, behind the others: it is not what a form begins with.
    Last,
    /// No department above.
    Top,
    /// Every department.
    Every,
    /// No member yet: one has to be chosen.
    Member,
    /// No manager.
    Manager,
    /// No manager of a department.
    Leader,
    /// Records in general; beside it are those without an owner.
    AnyOwner,
    /// The reader.
    Own,
}

impl Blank {
    pub(super) const EVERY: [Blank; 10] = [
        Blank::Missing,
        Blank::None,
        Blank::Last,
        Blank::Top,
        Blank::Every,
        Blank::Member,
        Blank::Manager,
        Blank::Leader,
        Blank::AnyOwner,
        Blank::Own,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Blank::Missing => "",
            Blank::None => "none",
            Blank::Last => "last",
            Blank::Top => "top",
            Blank::Every => "every",
            Blank::Member => "member",
            Blank::Manager => "manager",
            Blank::Leader => "leader",
            Blank::AnyOwner => "any-owner",
            Blank::Own => "own",
        }
    }

    /// The values and names of what is no team, department or member.
    fn values(self, frame: &Frame) -> Vec<(&'static str, String)> {
        let key = match self {
            Blank::Missing => return Vec::new(),
            Blank::Own => return vec![("", frame.me.name.clone())],
            Blank::AnyOwner => {
                return vec![
                    ("", frame.t("explain-any")),
                    (UNOWNED, frame.t("source-unowned")),
                ];
            }
            Blank::None | Blank::Last => "access-no-department",
            Blank::Top => "department-top",
            Blank::Every => "team-every-department",
            Blank::Member => "choose-member",
            Blank::Manager => "access-no-manager",
            Blank::Leader => "department-no-manager",
        };
        vec![("", frame.t(key))]
    }

    /// Options with what is offered besides, of which one can be chosen.
    pub(super) fn with(
        self,
        frame: &Frame,
        mut options: Vec<Choice>,
        chosen: &str,
    ) -> Vec<Choice> {
        let place = if self == Blank::Last { options.len() } else { 0 };
        let own = self.values(frame).into_iter().map(|(value, name)| {
            let is_chosen = !value.is_empty() && value == chosen;
            Choice { value: value.to_owned(), name, is_chosen }
        });
        options.splice(place..place, own);
        options
    }
}

/// What a choice is about, and where it is.
pub(crate) struct Place<'p> {
    pub(super) noun: Noun,
    pub(super) blank: Blank,
    /// Whether several can be chosen.
    pub(super) is_many: bool,
    /// The id and the name of the input.
    pub(super) input: (&'p str, &'p str),
    pub(super) label: String,
    /// Where a form is shown again with what its search finds, and by which method.
    pub(super) again: Option<(String, &'static str)>,
}

impl<'p> Place<'p> {
    /// The choice of one, by an input with an id and a name, in a form that searches anyway.
    pub(crate) const fn one(
        noun: Noun,
        blank: Blank,
        input: (&'p str, &'p str),
        label: String,
    ) -> Place<'p> {
        Place { noun, blank, is_many: false, input, label, again: None }
    }

    /// The choice of several.
    pub(crate) const fn many(
        noun: Noun,
        input: (&'p str, &'p str),
        label: String,
    ) -> Place<'p> {
        Place { noun, blank: Blank::Missing, is_many: true, input, label, again: None }
    }

    /// The same in a form that is shown again with what its search finds: where, and by which method.
    pub(crate) fn shown_again(
        self,
        path: impl Into<String>,
        method: &'static str,
    ) -> Place<'p> {
        Place { again: Some((path.into(), method)), ..self }
    }

    /// The field of the search.
    pub(super) fn field(&self) -> String {
        format!("find.{}", self.input.1)
    }

    /// What the search of a form is told.
    pub(super) fn text<'f>(&self, form: &'f Form) -> &'f str {
        form.text(&self.field()).trim()
    }
}
