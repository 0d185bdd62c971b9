//! The page that compares two sides, which its address names.

use std::collections::BTreeSet;

use askama::Template;
use hallpass_app::comparison::Comparison;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::preview::PreviewPosition;
use hallpass_web::error::Problem;

use super::choice::{self, Choice, Found};
use super::kind::Kind;
use super::likeness::{self, Likeness};
use super::row::{Group, Rows, Same};
use super::side::{Known, Named, Side};
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The people of a page, where the whole workspace is compared.
const LISTED: usize = 20;

/// The page of a comparison.
#[derive(Default, Template)]
#[template(path = "comparison/page.html")]
pub(crate) struct ComparePage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) intro: String,
    pub(crate) before: Side,
    /// The second side; none where the first one says it all.
    pub(crate) after: Option<Side>,
    pub(crate) swap: Option<String>,
    /// The address of this comparison, once both sides are chosen.
    pub(crate) link: Option<String>,
    pub(crate) summary: String,
    pub(crate) counts_records: bool,
    pub(crate) groups: Vec<Group>,
    pub(crate) same: Option<Same>,
    pub(crate) likeness: Option<Likeness>,
    pub(crate) next: Option<String>,
    pub(crate) choice: Option<Choice>,
    pub(crate) refused: Option<String>,
}

/// A kind of comparison.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) is_current: bool,
}

/// What the address of the page asks for.
struct Asked {
    kind: Kind,
    before: Option<Named>,
    after: Option<Named>,
    path: String,
}

impl Asked {
    async fn read(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        query: &Form,
    ) -> Result<Asked, Failure> {
        let open = Kind::open(ctx);
        let wanted = query.filled("by");
        let named = wanted.map(|word| Kind::EVERY.into_iter().find(|kind| kind.word() == word));
        let kind = match named {
            Some(known) => known.ok_or_else(|| Failure::missing("page"))?,
            None => open.first().copied().unwrap_or_default(),
        };
        let mut before = Named::read(kind, true, query.text("before"))?;
        let after = Named::read(kind, false, query.text("after"))?;
        if let (Kind::Given, None, Some(Named::Member(id))) = (kind, &before, &after) {
            let member = ctx.members().load(*id).await?.member;
            before = Some(Named::Role(member.access.role));
        }
        Ok(Asked { kind, before, after, path: format!("{}/settings/compare", frame.base) })
    }

    /// The address with these sides.
    fn link(
        &self,
        (before, after): (Option<&Named>, Option<&Named>),
        more: &[(&str, &str)],
    ) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("by", self.kind.word());
        for (name, side) in [("before", before), ("after", after)] {
            if let Some(side) = side {
                query.append_pair(name, &side.value());
            }
        }
        query.extend_pairs(more);
        format!("{}?{}", self.path, query.finish())
    }

    fn here(&self) -> String {
        self.link((self.before.as_ref(), self.after.as_ref()), &[])
    }

    fn with(&self, is_first: bool, value: &str) -> String {
        let chosen = Named::read(self.kind, is_first, value).ok().flatten();
        let sides = if is_first {
            (chosen.as_ref(), self.after.as_ref())
        } else {
            (self.before.as_ref(), chosen.as_ref())
        };
        self.link(sides, &[])
    }

    /// A side as the page shows it, with the link to its choice.
    fn side(&self, frame: &Frame, is_first: bool, known: Option<&Known>) -> Side {
        let pick = if is_first { "before" } else { "after" };
        let sides = (self.before.as_ref(), self.after.as_ref());
        let side = known.map(|known| known.side.clone()).unwrap_or_default();
        Side {
            label: frame.t(if is_first { "compare-first" } else { "compare-second" }),
            name: if side.is_chosen { side.name } else { frame.t(self.to_choose(is_first)) },
            href: self.link(sides, &[("pick", pick)]),
            ..side
        }
    }

    /// The text that asks for a side.
    fn to_choose(&self, is_first: bool) -> &'static str {
        match self.kind {
            Kind::People => "choose-member",
            Kind::Given if !is_first => "choose-member",
            Kind::Roles | Kind::Given | Kind::Created => "compare-choose-role",
            Kind::Profiles => "compare-choose-profile",
            Kind::Moments => "compare-choose-entry",
        }
    }

    async fn choice(
        &self,
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        query: &Form,
    ) -> Result<Option<Choice>, Failure> {
        let is_first = match query.text("pick") {
            "" => return Ok(None),
            pick => pick == "before",
        };
        let search = query.text("q");
        let (found, has_more) = choice::find(ctx, frame, (self.kind, is_first), search).await?;
        let found = found
            .into_iter()
            .map(|one| Found { href: self.with(is_first, &one.value), ..one })
            .collect();
        let pick = if is_first { "before" } else { "after" };
        let sides = [("before", &self.before), ("after", &self.after)];
        let sides = sides.into_iter().filter_map(|(name, side)| {
            let side = side.as_ref()?;
            Some((name, side.value()))
        });
        let fixed = [("by", self.kind.word().to_owned()), ("pick", pick.to_owned())];
        Ok(Some(Choice {
            title: frame.t(self.to_choose(is_first)),
            search: search.to_owned(),
            kept: fixed.into_iter().chain(sides).collect(),
            path: self.link((self.before.as_ref(), self.after.as_ref()), &[("pick", pick)]),
            back: self.here(),
            found,
            has_more,
        }))
    }
}

impl ComparePage {
    #[cfg(test)]
    pub(crate) fn sample() -> ComparePage {
        let side = || Side {
            name: "Ben <script>".to_owned(),
            second: "Member <script>".to_owned(),
            is_chosen: true,
            ..Side::default()
        };
        ComparePage {
            frame: Frame::sample(),
            tabs: vec![Tab { name: "People".into(), href: "#".into(), is_current: true }],
            intro: "Two people".into(),
            before: side(),
            after: Some(Side {
                person: Some(crate::frame::Person::new(&1, "Ben <script>")),
                ..side()
            }),
            swap: Some("#".into()),
            link: Some("#".into()),
            summary: "13 of 46 rights differ.".into(),
            counts_records: true,
            groups: vec![Group {
                person: Some(crate::frame::Person::new(&1, "Ben <script>")),
                rows: vec![super::row::Row::sample()],
            }],
            same: Some(Same { n: 33, named: "Contacts <script>: read".into() }),
            likeness: Some(Likeness { sentence: "<script>".into(), href: "#".into() }),
            next: Some("#".into()),
            choice: Some(Choice::sample()),
            refused: Some("<script>".into()),
        }
    }

    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        query: &Form,
    ) -> Result<(u16, ComparePage), Failure> {
        let asked = Asked::read(ctx, &frame, query).await?;
        let mut known = (None, None);
        if let Some(named) = &asked.before {
            known.0 = Some(Known::load(ctx, &frame, named).await?);
        }
        if let Some(named) = &asked.after {
            known.1 = Some(Known::load(ctx, &frame, named).await?);
        }
        let choice = asked.choice(ctx, &frame, query).await?;
        let tabs = Kind::open(ctx).into_iter().map(|kind| Tab {
            name: frame.t(kind.title()),
            href: format!("{}?by={}", asked.path, kind.word()),
            is_current: kind == asked.kind,
        });
        let after = asked.side(&frame, false, known.1.as_ref());
        let mut page = ComparePage {
            tabs: tabs.collect(),
            intro: frame.t(asked.kind.intro()),
            before: asked.side(&frame, true, known.0.as_ref()),
            after: (asked.kind != Kind::Created).then_some(after),
            counts_records: asked.kind.counts_records(),
            frame: if choice.is_some() { frame.covered() } else { frame },
            choice,
            ..ComparePage::default()
        };
        let mut status = 200;
        match (&asked.before, &asked.after, &known) {
            (Some(Named::Role(role)), _, (Some(known), _)) if asked.kind == Kind::Created => {
                page.show_drift(ctx, role, known).await?;
                page.link = Some(asked.here());
            }
            (Some(before), Some(after), (Some(first), Some(second))) => {
                let position = query.filled("from").and_then(read_position);
                let sides = (&before.side(), &after.side());
                match ctx.comparisons().compare(sides, position, LISTED).await {
                    Ok(found) => page.fill(ctx, &asked, (first, second), &found),
                    Err(error) => {
                        let problem = Problem::from(error);
                        if !matches!(problem.status, 409 | 422) {
                            return Err(problem.into());
                        }
                        status = problem.status;
                        let details = problem
                            .errors
                            .iter()
                            .map(|one| refusal::of_field(page.frame.text, one));
                        let details: Vec<String> = details.collect();
                        page.refused = Some(if details.is_empty() {
                            refusal::of_problem(page.frame.text, &problem)
                        } else {
                            details.join(" ")
                        });
                    }
                }
            }
            _ => {}
        }
        Ok((status, page))
    }

    /// Shows what was found.
    fn fill(
        &mut self,
        ctx: &mut WorkspaceContext,
        asked: &Asked,
        sides: (&Known, &Known),
        found: &Comparison,
    ) {
        let is_of_moments = asked.kind == Kind::Moments;
        self.link = Some(asked.here());
        let swapped = || asked.link((asked.after.as_ref(), asked.before.as_ref()), &[]);
        self.swap = asked.kind.is_symmetric().then(swapped);
        if !found.members.is_empty() {
            self.likeness = likeness::of(ctx, &self.frame, sides, asked.kind, &found.totals);
        }
        let rows = Rows {
            ctx,
            frame: &self.frame,
            sides,
            counts_records: asked.kind.counts_records(),
        };
        let groups = found.members.iter().map(|one| rows.group(one, is_of_moments)).collect();
        let changes = found.members.iter().flat_map(|one| &one.changes);
        let differing: BTreeSet<(String, String)> =
            changes.map(|one| (one.resource.clone(), one.action.clone())).collect();
        let same = if is_of_moments { None } else { rows.same(&differing) };
        self.summary = if is_of_moments {
            let people = found.total.unwrap_or(found.members.len());
            self.frame.count("compare-people-differ", people)
        } else {
            summary(&self.frame, differing.len(), same.as_ref())
        };
        if found.has_more
            && let Some(last) = found.members.last()
        {
            let from = format!("{}.{}", last.changes.len(), last.member);
            let sides = (asked.before.as_ref(), asked.after.as_ref());
            self.next = Some(asked.link(sides, &[("from", &from)]));
        }
        (self.groups, self.same) = (groups, same);
    }

    /// Shows where a custom role differs from how it was created.
    async fn show_drift(
        &mut self,
        ctx: &mut WorkspaceContext,
        role: &str,
        known: &Known,
    ) -> Result<(), Failure> {
        let drift = ctx.roles().drift().await?;
        let Some(cells) = drift.get(role) else {
            self.refused = Some(self.frame.t("compare-no-creation"));
            return Ok(());
        };
        let rows =
            Rows { ctx, frame: &self.frame, sides: (known, known), counts_records: false };
        let shown = cells
            .iter()
            .map(|cell| rows.cell((&cell.resource, &cell.action), (&cell.created, &cell.now)));
        let group = Group { person: None, rows: shown.collect() };
        let keys = cells.iter().map(|cell| (cell.resource.clone(), cell.action.clone()));
        let differing: BTreeSet<(String, String)> = keys.collect();
        let same = rows.same(&differing);
        self.summary = summary(&self.frame, differing.len(), same.as_ref());
        let editor = known.editor.as_ref().filter(|_| !cells.is_empty());
        self.likeness = editor.map(|path| Likeness {
            sentence: text!(self.frame.text, "compare-back", name = &known.side.name),
            href: format!("{path}?as=created"),
        });
        self.groups = if group.rows.is_empty() { Vec::new() } else { vec![group] };
        self.same = same;
        Ok(())
    }
}

fn summary(frame: &Frame, n: usize, same: Option<&Same>) -> String {
    let of = n + same.map_or(0, |same| same.n);
    text!(frame.text, "compare-differ", n = n, of = of)
}

/// The place in the list of people from which a page goes on: `3.mbr_…`.
fn read_position(text: &str) -> Option<PreviewPosition> {
    let (changes, member) = text.split_once('.')?;
    Some((changes.parse().ok()?, member.parse().ok()?))
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, mut frame, query } = viewer;
    frame.expect(&query, "pick", |side| ["before", "after"].contains(&side));
    if Kind::open(&ctx).is_empty() {
        // The use case refuses, and says what would be needed.
        ctx.roles().list().await?;
    }
    let (status, page) = ComparePage::load(&mut ctx, frame, &query).await?;
    if status == 200 { reply::page(&page) } else { reply::refused(status, &page) }
}
