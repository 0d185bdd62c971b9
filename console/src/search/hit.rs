//! What a search finds: pages, members and records that the reader may open, and nothing else.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::record::CountMode;
use hallpass_domain::member::Member;
use hallpass_domain::text::{fold, is_visible};

use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::person_picture;
use crate::rail;
use crate::record::kind::Kind;
use crate::record::offer::offers;
use crate::record::subject::Subject;
use crate::record::total::total as total_text;
use crate::team::row::Item;

/// The hits of a kind at most.
const MOST: usize = 6;

/// Hits of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) hits: Vec<Hit>,
    /// How many there are: `87`, `1,000+`; empty where they are not counted.
    pub(crate) count: String,
    /// The list of all of them.
    pub(crate) more: Option<String>,
    /// Whether hits may be missing.
    pub(crate) is_incomplete: bool,
    /// Whether they are what can be done with the first hit, and not hits of their own.
    pub(crate) is_actions: bool,
}

/// Something to open.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) label: String,
    pub(crate) note: String,
    pub(crate) href: String,
    pub(crate) icon: &'static str,
    pub(crate) person: Option<Person>,
}

impl Group {
    fn new(title: String) -> Group {
        Group {
            title,
            hits: Vec::new(),
            count: String::new(),
            more: None,
            is_incomplete: false,
            is_actions: false,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Group {
        let hit = Hit {
            label: "<script>".to_owned(),
            note: "<script>".to_owned(),
            href: "#".to_owned(),
            icon: "users",
            person: None,
        };
        let person = Some(Person::new(&"mbr_1", "Tom Baker"));
        let hits = vec![Hit { person, ..hit.clone() }, hit];
        Group {
            title: "Members".to_owned(),
            hits,
            count: "1,000+".to_owned(),
            more: Some("#".to_owned()),
            is_incomplete: true,
            is_actions: false,
        }
    }
}

/// Finds what contains a text. `@` narrows to members, `#` to records, `>` to pages.
pub(crate) async fn find(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    text: &str,
    total: CountMode,
) -> Result<Vec<Group>, Failure> {
    let (only, text) = match text.split_at_checked(1) {
        Some((mark @ ("@" | "#" | ">"), rest)) => (mark, rest.trim()),
        Some(_) | None => ("", text),
    };
    let mut groups = Vec::new();
    if ["", "@"].contains(&only) && ctx.opens(&ReadMembers) && is_visible(text) {
        groups.extend(members(ctx, frame, text).await?);
    }
    if ["", "#"].contains(&only) && is_visible(text) {
        let is_best = groups.is_empty();
        groups.extend(records(ctx, frame, (text, is_best), total).await?);
    }
    if ["", ">"].contains(&only) {
        groups.extend(pages(ctx, frame, text));
    }
    Ok(groups)
}

async fn members(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    text: &str,
) -> Result<Vec<Group>, Failure> {
    let filter = MemberFilter { text: Some(text.to_owned()), ..MemberFilter::default() };
    let page = ctx.members().list(&filter, MemberOrder::Name, None, MOST).await?;
    let path = format!("{}/settings/team", frame.base);
    let actions = page
        .members
        .first()
        .and_then(|(member, _)| actions(ctx, frame, (member, page.has_second_factor(member))));
    let hits = page.members.iter().map(|(member, _)| {
        let name = member.name();
        let role = ctx.snapshot().role_name(&member.access.role);
        Hit {
            note: format!("{role} · {}", member.email),
            href: format!("{path}/{}", member.id),
            icon: "user",
            person: Some(Person::new(&member.id, &name)),
            label: name,
        }
    });
    let mut hits: Vec<Hit> = hits.collect();
    let people = hits.iter_mut().filter_map(|hit| hit.person.as_mut());
    person_picture::add(ctx, frame, people).await?;
    let more = page.next.is_some().then(|| format!("{path}?q={}", encode(text)));
    let title = crate::format::capital(&frame.word("members"));
    let count = frame.number(page.total);
    let found = Group { hits, count, more, ..Group::new(title) };
    let groups = std::iter::once(found).chain(actions);
    Ok(groups.filter(|group| !group.hits.is_empty()).collect())
}

/// What the reader may do with a member, each on a page that asks first.
fn actions(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (member, has_second_factor): (&Member, bool),
) -> Option<Group> {
    let offer = ctx.members().offer(member, std::iter::empty());
    let items = Item::of_member(frame, member, &offer, has_second_factor).into_iter();
    let asking = items.filter(|item| !item.posts && item.blocked.is_none());
    let links = asking.map(|item| (item.label, item.href, item.icon));
    actions_of(frame, &member.name(), links)
}

/// What can be done with a hit of a name: labels, addresses and icons. None where there is nothing.
fn actions_of(
    frame: &Frame,
    name: &str,
    links: impl Iterator<Item = (String, String, &'static str)>,
) -> Option<Group> {
    let hits = links.map(|(label, href, icon)| Hit {
        label,
        note: String::new(),
        href,
        icon,
        person: None,
    });
    let title = frame.with("search-actions", "name", name);
    let group = Group { hits: hits.collect(), is_actions: true, ..Group::new(title) };
    (!group.hits.is_empty()).then_some(group)
}

async fn records(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (text, is_best): (&str, bool),
    total: CountMode,
) -> Result<Vec<Group>, Failure> {
    let found = ctx.search().find(text, total).await?;
    let mut groups = Vec::with_capacity(found.len() + 1);
    for mut one in found {
        let has_more = one.has_more || one.records.len() > MOST;
        let kind = Kind::of(ctx, frame, one.resource);
        let hits = one.records.iter().take(MOST).map(|details| {
            let stage = details.record.stage.as_deref().map(|key| kind.stage_name(key));
            let owner = details.owner_name.clone();
            let note: Vec<String> = stage.into_iter().chain(owner).collect();
            Hit {
                label: details.record.title.clone(),
                note: note.join(" · "),
                href: kind.path_of(&details.record.id),
                icon: kind.icon,
                person: None,
            }
        });
        groups.push(Group {
            hits: hits.collect(),
            count: total_text(frame, one.total),
            more: has_more.then(|| format!("{}?q={}", kind.path, encode(text))),
            is_incomplete: one.is_incomplete,
            ..Group::new(kind.name.clone())
        });
        if is_best && groups.len() == 1 && !one.records.is_empty() {
            let details = one.records.swap_remove(0);
            groups.extend(record_actions(frame, &Subject { kind, details }));
        }
    }
    Ok(groups)
}

/// What the reader may do with a record, each on a page that asks first.
fn record_actions(frame: &Frame, subject: &Subject) -> Option<Group> {
    let offers = offers(frame, subject).into_iter();
    let links = offers.map(|offer| (offer.label, offer.href, offer.icon));
    actions_of(frame, &subject.title(frame), links)
}

/// The pages of both faces of the rail whose names contain the text.
fn pages(ctx: &WorkspaceContext, frame: &Frame, text: &str) -> Option<Group> {
    let wanted = fold(text);
    let links = rail::every(ctx, frame.text, &frame.base);
    let fits = links.into_iter().filter(|(_, link)| fold(&link.label).contains(&wanted));
    let hits: Vec<Hit> = fits
        .map(|(group, link)| Hit {
            label: link.label,
            note: group,
            href: link.href,
            icon: link.icon,
            person: None,
        })
        .collect();
    let group = Group { hits, ..Group::new(frame.t("search-pages")) };
    (!group.hits.is_empty()).then_some(group)
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
