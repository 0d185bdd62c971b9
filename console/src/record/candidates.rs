//! The members whose records a list can be limited to.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::pick::PickedMember;

use super::filter::Filter;
use super::kind::Kind;
use crate::failure::Failure;
use crate::frame::{Frame, Person};

/// The members of a choice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// What they are found by.
    pub(crate) text: String,
    /// The lists without a member in them: those of the reader, those of no owner.
    pub(crate) others: Vec<(String, String)>,
    pub(crate) found: Vec<Pickable>,
}

/// A member to choose.
#[derive(Clone, Debug)]
pub(crate) struct Pickable {
    pub(crate) person: Person,
    /// What tells them apart from others of the same name.
    pub(crate) line: String,
    /// Where the choice leads.
    pub(crate) href: String,
}

impl Candidates {
    #[cfg(test)]
    pub(crate) fn sample() -> Candidates {
        let found = vec![Pickable {
            person: Person::new(&"mbr_1", "<script>"),
            line: "<script>".to_owned(),
            href: "#".to_owned(),
        }];
        let others = vec![("#".to_owned(), "<script>".to_owned())];
        Candidates { text: "<script>".to_owned(), others, found }
    }
}

impl Pickable {
    fn of(picked: PickedMember, href: String) -> Pickable {
        let (line, picture) = match picked.known {
            Some(known) => (format!("{} · {}", known.email, known.role), known.picture),
            None => (String::new(), None),
        };
        let person = Person { picture, ..Person::new(&picked.id, &picked.name) };
        Pickable { person, line, href }
    }
}

/// The owners to choose from: the reader, no owner, and the first members whom a text finds.
pub(super) async fn find(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (kind, filter): (&Kind, &Filter),
    text: &str,
) -> Result<Candidates, Failure> {
    let list = |owner: &str| format!("{}{}", kind.path, filter.with_owner(owner).as_query());
    let others = vec![
        (list("me"), frame.t("records-me")),
        (list("unowned"), frame.t("records-unassigned")),
    ];
    let text: String = text.chars().take(200).collect();
    let found = if ctx.picks().may_pick_members() {
        let wanted = Some(text.clone()).filter(|text| !text.is_empty());
        ctx.picks().members(wanted).await?
    } else {
        Vec::new()
    };
    let me = ctx.member_id();
    let found = found.into_iter().filter(|picked| Some(picked.id) != me);
    let found = found.map(|picked| {
        let href = list(&picked.id.to_string());
        Pickable::of(picked, href)
    });
    Ok(Candidates { text, others, found: found.collect() })
}
