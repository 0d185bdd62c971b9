//! Who can see a record, grouped by the reason.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::record::viewer::ViewerGroup;
use hallpass_engine::Relations;

use super::subject::Subject;
use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::text::IntoValue;

/// The members of a group at most; others are counted.
const LISTED: usize = 8;

/// Members who can see a record for the same reason.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) title: String,
    /// The reach as a word, and its class.
    pub(crate) reach: String,
    pub(crate) level: &'static str,
    pub(crate) count: usize,
    pub(crate) people: Vec<(Person, String, String)>,
    /// How many more there are.
    pub(crate) more: Option<String>,
}

impl Group {
    #[cfg(test)]
    pub(crate) fn sample() -> Group {
        Group {
            title: "Every deal".to_owned(),
            reach: "All".to_owned(),
            level: "all",
            count: 9,
            people: vec![(Person::new(&"m", "<script>"), "Owner".into(), "edit".into())],
            more: Some("8 more".to_owned()),
        }
    }

    fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        subject: &Subject,
        group: ViewerGroup,
    ) -> Group {
        let owner = subject.details.owner_name.clone();
        let owner = owner.unwrap_or_else(|| frame.t("record-the-owner"));
        let (key, level, word) = match group.relation {
            Relations::SELF => ("record-sees-own", "own", "scope_own"),
            Relations::ASSIGNED | Relations::ASSIGNED_IN_DEPARTMENT => {
                ("record-sees-assigned", "assigned", "scope_assigned")
            }
            Relations::TEAM | Relations::TEAM_IN_DEPARTMENT => {
                ("record-sees-team", "team", "scope_team")
            }
            Relations::DEPARTMENT => {
                ("record-sees-department", "department", "scope_department")
            }
            Relations::UNOWNED => ("record-sees-unowned", "own", "scope_own"),
            _ => ("record-sees-all", "all", "scope_all"),
        };
        let values = [
            ("owner", owner.as_str()),
            ("one", &subject.kind.one),
            ("many", &subject.kind.many),
        ];
        let values = values.map(|(name, value)| (name, value.into_value()));
        let more = group.count.saturating_sub(group.viewers.len());
        let me = ctx.member_id();
        let person = |viewer: hallpass_app::record::viewer::Viewer| {
            let role = ctx.snapshot().role_name(&viewer.role);
            let role = if me == Some(viewer.member) { frame.t("record-you") } else { role };
            let actions =
                viewer.actions.iter().map(|key| subject.kind.action_name(key).to_lowercase());
            let actions = actions.collect::<Vec<_>>().join(", ");
            let actions = if actions.is_empty() { frame.t("record-views") } else { actions };
            (Person::new(&viewer.member, &viewer.name), role, actions)
        };
        Group {
            title: frame.text.with(key, &values.into_iter().collect()),
            reach: frame.word(word),
            level,
            count: group.count,
            people: group.viewers.into_iter().map(person).collect(),
            more: (more > 0).then(|| text!(frame.text, "record-more-people", n = more)),
        }
    }
}

/// Groups who can see a record.
pub(crate) async fn load(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    subject: &Subject,
) -> Result<Vec<Group>, Failure> {
    let id = subject.details.record.id;
    let groups = ctx.records().viewers(&subject.kind.key, id, LISTED).await?;
    Ok(groups.into_iter().map(|group| Group::of(ctx, frame, subject, group)).collect())
}
