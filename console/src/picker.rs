//! The choice of one or several of what may be many: a short list is offered whole, beside a long one is a search.

mod place;

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_domain::text::fold;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::people;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

pub(crate) use place::{Blank, Choice, Noun, Place, UNOWNED};

/// A list of at most so many is offered whole.
pub(crate) const LISTED: usize = 50;

/// What a search offers at most, apart from what is chosen.
const FOUND: usize = 10;

/// The most that can be chosen, as a search is told it.
const MOST_CHOSEN: usize = 100;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/workspace/{ws}/pick/{noun}", find)
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

impl Picker {
    /// The choice from a whole list: all of it, or of a long one what is chosen and what the text of its search
    /// finds.
    pub(crate) fn of(frame: &Frame, place: Place<'_>, all: &[Choice], form: &Form) -> Picker {
        let is_long = all.len() > LISTED;
        let options: Vec<Choice> = if is_long {
            let key = fold(place.text(form));
            let found = |one: &&Choice| !one.is_chosen && fold(&one.name).contains(&key);
            let chosen = all.iter().filter(|one| one.is_chosen);
            chosen.chain(all.iter().filter(found).take(FOUND)).cloned().collect()
        } else {
            all.to_vec()
        };
        let chosen = form.text(place.input.1);
        Picker::with(frame, place, (options, is_long), chosen, form)
    }

    /// The choice of a member: of all, or of many the chosen one and those that the text of its search finds. Some
    /// need not be offered. It is empty for a reader who may not choose members.
    pub(crate) async fn of_members(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        place: Place<'_>,
        (chosen, is_offered): (&str, impl Fn(&str) -> bool),
        form: &Form,
    ) -> Result<Picker, Failure> {
        // A refused request would be in the audit log.
        if !may_choose(ctx, place.noun) {
            return Ok(Picker::default());
        }
        let (mut options, is_long) = members(ctx, place.noun, None, LISTED).await?;
        if is_long {
            let text = Some(place.text(form)).filter(|text| !text.is_empty());
            options = members(ctx, place.noun, text, FOUND).await?.0;
        }
        options.retain(|one| is_offered(&one.value));
        if options.iter().all(|one| one.value != chosen)
            && let Some(one) = member(ctx, chosen).await?
        {
            options.insert(0, one);
        }
        for one in &mut options {
            one.is_chosen = one.value == chosen;
        }
        Ok(Picker::with(frame, place, (options, is_long), chosen, form))
    }

    /// The choice from some options, beside a search where there are others.
    fn with(
        frame: &Frame,
        place: Place<'_>,
        (options, is_long): (Vec<Choice>, bool),
        chosen: &str,
        form: &Form,
    ) -> Picker {
        let (id, name) = place.input;
        let (field, text) = (place.field(), form.text(&place.field()).to_owned());
        let search = is_long.then(|| {
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
                text,
                field,
            }
        });
        Picker {
            id: id.to_owned(),
            name: name.to_owned(),
            label: place.label,
            options: place.blank.with(frame, options, chosen),
            search,
            error: None,
            is_first: false,
        }
    }

    /// Whether there is something to choose.
    pub(crate) fn has_choice(&self) -> bool {
        self.search.is_some() || self.options.iter().any(|one| !one.value.is_empty())
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
        Noun::Members | Noun::Managers => {
            let (found, _) = members(&mut ctx, noun, text.as_deref(), FOUND).await?;
            let kept = member(&mut ctx, chosen.first().copied().unwrap_or_default()).await?;
            (found, kept.into_iter().collect(), false)
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
    let options = blank.unwrap_or(Blank::Missing).with(
        &frame,
        options,
        chosen.first().copied().unwrap_or_default(),
    );
    reply::page(&Picked { id: query.text("id").to_owned(), name, options, is_many, note })
}

/// Whether the reader may choose one of a noun among members.
fn may_choose(ctx: &mut WorkspaceContext, noun: Noun) -> bool {
    if noun == Noun::Managers {
        ctx.opens(&ReadMembers)
    } else {
        ctx.picks().may_pick_members()
    }
}

/// The members of a choice, and whether there are more.
async fn members(
    ctx: &mut WorkspaceContext,
    noun: Noun,
    text: Option<&str>,
    limit: usize,
) -> Result<(Vec<Choice>, bool), Failure> {
    let (found, has_more) = match noun {
        Noun::Managers => people::find_managers(ctx, text, limit).await?,
        Noun::Members | Noun::Teams | Noun::Departments => {
            people::find(ctx, text, limit).await?
        }
    };
    let choice = |(value, name)| Choice { value, name, is_chosen: false };
    Ok((found.into_iter().map(choice).collect(), has_more))
}

/// A member as a choice; none for one who does not exist.
pub(crate) async fn member(
    ctx: &mut WorkspaceContext,
    id: &str,
) -> Result<Option<Choice>, Failure> {
    let name = people::find_name(ctx, id).await?;
    Ok(name.map(|name| Choice { value: id.to_owned(), name, is_chosen: true }))
}
