//! The choice of one or several of what may be many: a short list is offered whole, beside a long one is a search.

use askama::Template;
use axum::extract::Path;
use hallpass_domain::text::fold;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// A list of at most so many is offered whole.
pub(crate) const LISTED: usize = 50;

/// What a search offers at most, apart from what is chosen.
const FOUND: usize = 10;

/// The most that can be chosen, as a search is told it.
const MOST_CHOSEN: usize = 100;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/pick/{noun}", find)
}

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
}

impl Noun {
    const EVERY: [Noun; 2] = [Noun::Teams, Noun::Departments];

    const fn word(self) -> &'static str {
        match self {
            Noun::Teams => "teams",
            Noun::Departments => "departments",
        }
    }

    const fn find(self) -> &'static str {
        match self {
            Noun::Teams => "pick-find-team",
            Noun::Departments => "pick-find-department",
        }
    }
}

/// What an option without a value stands for.
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
}

impl Blank {
    const EVERY: [Blank; 5] =
        [Blank::Missing, Blank::None, Blank::Last, Blank::Top, Blank::Every];

    const fn word(self) -> &'static str {
        match self {
            Blank::Missing => "",
            Blank::None => "none",
            Blank::Last => "last",
            Blank::Top => "top",
            Blank::Every => "every",
        }
    }

    const fn key(self) -> Option<&'static str> {
        match self {
            Blank::Missing => None,
            Blank::None | Blank::Last => Some("access-no-department"),
            Blank::Top => Some("department-top"),
            Blank::Every => Some("team-every-department"),
        }
    }

    /// Options with the one without a value.
    fn with(self, frame: &Frame, mut options: Vec<Choice>) -> Vec<Choice> {
        if let Some(key) = self.key() {
            let place = if self == Blank::Last { options.len() } else { 0 };
            let name = frame.t(key);
            options.insert(place, Choice { value: String::new(), name, is_chosen: false });
        }
        options
    }
}

/// The search beside a long list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    /// Where options are found.
    pub(crate) path: String,
    /// The name of its field.
    pub(crate) field: String,
    /// What it found the options by.
    pub(crate) text: String,
    /// What the search is called.
    pub(crate) label: String,
    /// Where a browser without scripts sends the form to search, and how; none for a form that searches anyway.
    pub(crate) again: Option<(String, &'static str)>,
}

/// The choice of one value, as a select, or of several, as chips.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picker {
    /// The id of the input, and the beginning of other ids.
    pub(crate) id: String,
    /// The name of the input.
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) options: Vec<Choice>,
    /// How to find others, where there are more.
    pub(crate) search: Option<Search>,
    /// What is wrong with the choice.
    pub(crate) error: Option<String>,
    /// Whether a dialog begins here.
    pub(crate) is_first: bool,
}

/// What a choice is about, and where it is.
pub(crate) struct Place<'p> {
    pub(crate) noun: Noun,
    pub(crate) blank: Blank,
    /// Whether several can be chosen.
    pub(crate) is_many: bool,
    /// The id and the name of the input.
    pub(crate) input: (&'p str, &'p str),
    pub(crate) label: String,
    /// Where a form is shown again with what its search finds, and by which method.
    pub(crate) again: Option<(String, &'static str)>,
}

impl Picker {
    /// The choice from a whole list: all of it, or of a long one what is chosen and what the text of its search
    /// finds.
    pub(crate) fn of(frame: &Frame, place: Place<'_>, all: &[Choice], form: &Form) -> Picker {
        let (id, name) = place.input;
        let field = format!("find.{name}");
        let text = form.text(&field).to_owned();
        let search = (all.len() > LISTED).then(|| {
            let many = if place.is_many { "on" } else { "" };
            let values =
                [("name", name), ("id", id), ("blank", place.blank.word()), ("many", many)];
            let values: Vec<_> =
                values.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            let (noun, query) = (place.noun.word(), Form::query_of(&values));
            Search {
                path: format!("{}/pick/{noun}?{query}", frame.base),
                label: frame.t(place.noun.find()),
                again: place.again,
                text: text.clone(),
                field,
            }
        });
        let options: Vec<Choice> = match &search {
            None => all.to_vec(),
            Some(_) => {
                let key = fold(text.trim());
                let found = |one: &&Choice| !one.is_chosen && fold(&one.name).contains(&key);
                let chosen = all.iter().filter(|one| one.is_chosen);
                chosen.chain(all.iter().filter(found).take(FOUND)).cloned().collect()
            }
        };
        Picker {
            id: id.to_owned(),
            name: name.to_owned(),
            label: place.label,
            options: place.blank.with(frame, options),
            search,
            error: None,
            is_first: false,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Picker {
        let option = Choice { value: "tem_1".into(), name: "<script>".into(), is_chosen: true };
        Picker {
            id: "f-picked".to_owned(),
            name: "picked".to_owned(),
            label: "<script>".to_owned(),
            options: vec![option],
            search: Some(Search {
                path: "#".to_owned(),
                field: "find.picked".to_owned(),
                text: "<script>".to_owned(),
                label: "Find".to_owned(),
                again: Some(("#".to_owned(), "post")),
            }),
            error: Some("<script>".to_owned()),
            is_first: true,
        }
    }
}

/// What a search found, as options of a select or as chips.
#[derive(Template)]
#[template(path = "layout/picked.html")]
struct Picked {
    id: String,
    name: String,
    options: Vec<Choice>,
    is_many: bool,
    /// What to say where nothing was found, or where others may be missing.
    note: Option<String>,
}

/// Shows what a text finds, beside what is chosen.
async fn find(Path((_, noun)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let noun = Noun::EVERY.into_iter().find(|known| known.word() == noun);
    let noun = noun.ok_or_else(|| Failure::missing("page"))?;
    let (name, is_many) = (query.text("name").to_owned(), query.is_checked("many"));
    let text = query.filled(&format!("find.{name}"));
    let text = text.map(|text| text.chars().take(200).collect::<String>());
    let named = |value: String, name: String, above: Vec<String>| {
        let name =
            if above.is_empty() { name } else { format!("{name} ({})", above.join(" › ")) };
        Choice { value, name, is_chosen: false }
    };
    let chosen: Vec<&str> = query.every(&name).filter(|id| !id.is_empty()).collect();
    let (found, kept, is_incomplete) = match noun {
        Noun::Teams => {
            let picked = ctx.picks().teams(text).await?;
            let ids = chosen.iter().take(MOST_CHOSEN).filter_map(|id| id.parse().ok());
            let kept = ctx.picks().named_teams(&ids.collect::<Vec<_>>()).await?;
            let found = picked.found.into_iter();
            let found = found.map(|one| named(one.id.to_string(), one.name, one.above));
            let kept =
                kept.into_iter().map(|(id, name)| named(id.to_string(), name, Vec::new()));
            (found.collect::<Vec<_>>(), kept.collect::<Vec<_>>(), picked.is_incomplete)
        }
        Noun::Departments => {
            let picked = ctx.picks().departments(text).await?;
            let ids = chosen.iter().take(MOST_CHOSEN).filter_map(|id| id.parse().ok());
            let kept = ctx.picks().named_departments(&ids.collect::<Vec<_>>()).await?;
            let found = picked.found.into_iter();
            let found = found.map(|one| named(one.id.to_string(), one.name, one.above));
            let kept =
                kept.into_iter().map(|(id, name)| named(id.to_string(), name, Vec::new()));
            (found.collect(), kept.collect(), picked.is_incomplete)
        }
    };
    let note = if is_incomplete {
        Some(frame.t("pick-incomplete"))
    } else {
        found.is_empty().then(|| frame.t("pick-nothing"))
    };
    let blank = Blank::EVERY.into_iter().find(|blank| blank.word() == query.text("blank"));
    let found =
        found.into_iter().filter(|one| kept.iter().all(|known| known.value != one.value));
    let found: Vec<Choice> = found.collect();
    let kept = kept.into_iter().map(|one| Choice { is_chosen: true, ..one });
    let options = kept.chain(found).collect();
    let options = blank.unwrap_or(Blank::Missing).with(&frame, options);
    reply::page(&Picked { id: query.text("id").to_owned(), name, options, is_many, note })
}
