//! What a file says about a workspace before its records: settings, access, people, what they have saved.
//!
//! Each line is read by the rules for what it makes. What lines say together is checked in `admission`.

use std::collections::HashSet;

use hallpass_domain::department::Department;
use hallpass_domain::id::{
    DepartmentId, InvitationId, MemberId, ProfileId, ReportId, RoleId, TeamId, ViewId,
    WorkspaceId,
};
use hallpass_domain::import::check_id;
use hallpass_domain::invitation::Invitation;
use hallpass_domain::member::Member;
use hallpass_domain::name::{Name, description};
use hallpass_domain::profile::Profile;
use hallpass_domain::record::OwnerRef;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::role::{Role, read_grants};
use hallpass_domain::saved_report::{Grouping, Measure, SavedReport};
use hallpass_domain::saved_view::{MOST_COLUMNS, SavedView, ViewSettings};
use hallpass_domain::sharing::Sharing;
use hallpass_domain::slug::Slug;
use hallpass_domain::team::Team;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Cells, Scope, Sharing as RecordSharing};
use hallpass_store::entity::StoredEntity;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::file::{Kind, Line};
use super::form::{
    DepartmentForm, InvitationForm, MemberForm, ProfileForm, RecordTypeForm, ReportForm,
    RoleForm, TeamForm, ViewForm, WorkspaceForm,
};
use super::people::{invitation, member};
use super::reading::{Ids, Wrong, known, name, text, word};
use crate::export::FORMAT;

/// The most bytes of all lines before the records: they are in memory together.
const MOST_BYTES: usize = 256 << 20;

/// The workspace itself, as far as its line says.
pub(super) struct Head {
    pub(super) id: WorkspaceId,
    pub(super) name: Name,
    pub(super) slug: Slug,
    pub(super) created_at: Timestamp,
    pub(super) settings: Map<String, Value>,
    pub(super) blueprint: String,
}

/// Everything before the records, each with the number of its line.
#[derive(Default)]
pub(super) struct Setup {
    pub(super) head: Option<Head>,
    pub(super) departments: Vec<(u64, Department)>,
    pub(super) roles: Vec<(u64, Role)>,
    pub(super) profiles: Vec<(u64, Profile)>,
    pub(super) teams: Vec<(u64, Team)>,
    pub(super) reports: Vec<(u64, SavedReport)>,
    pub(super) views: Vec<(u64, SavedView)>,
    pub(super) types: Vec<(u64, StoredEntity)>,
    pub(super) members: Vec<(u64, Member)>,
    pub(super) invitations: Vec<(u64, Invitation)>,
    ids: HashSet<(Kind, Uuid)>,
    bytes: usize,
}

impl Setup {
    /// Takes a line.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub(super) fn add(&mut self, line: &Line, ids: Ids) -> Result<(), Wrong> {
        self.bytes += line.len();
        if self.bytes > MOST_BYTES {
            let mib = MOST_BYTES >> 20;
            return Err(vec![format!("what precedes the records has more than {mib} MiB")]);
        }
        match line.kind {
            Kind::Workspace => {
                if self.head.is_some() {
                    return Err(vec!["a file has one workspace".to_owned()]);
                }
                self.head = Some(head(read(line)?, ids)?);
            }
            Kind::Department => {
                let form: DepartmentForm = read(line)?;
                let id: DepartmentId = self.own(line, form.id.0, ids)?;
                let made = Department {
                    id,
                    name: name(&form.name)?,
                    parent: form.parent.map(|id| ids.of(id.0)),
                    manager: ids.member(form.manager),
                    version: 1,
                };
                self.departments.push((line.number, made));
            }
            Kind::Role => {
                let form: RoleForm = read(line)?;
                let id: RoleId = self.own(line, form.id.0, ids)?;
                let made = Role {
                    id,
                    name: name(&form.name)?,
                    description: text(description(&form.description))?,
                    grants: read_grants(&form.grants).map_err(refused)?,
                    version: 1,
                };
                self.roles.push((line.number, made));
            }
            Kind::Profile => {
                let form: ProfileForm = read(line)?;
                let id: ProfileId = self.own(line, form.id.0, ids)?;
                self.profiles.push((line.number, profile(&form, id)?));
            }
            Kind::Team => {
                let form: TeamForm = read(line)?;
                let id: TeamId = self.own(line, form.id.0, ids)?;
                self.teams.push((line.number, team(&form, id, ids)?));
            }
            Kind::Report => {
                let form: ReportForm = read(line)?;
                let id: ReportId = self.own(line, form.id.0, ids)?;
                self.reports.push((line.number, report(&form, id, ids)?));
            }
            Kind::View => {
                let form: ViewForm = read(line)?;
                let id: ViewId = self.own(line, form.id.0, ids)?;
                self.views.push((line.number, view(form, id, ids)?));
            }
            Kind::RecordType => {
                let RecordTypeForm { id, added, name, one, fields, stages, .. } = read(line)?;
                if self.types.iter().any(|(_, known)| known.entity == id) {
                    return Err(vec![format!("the record type `{id}` is there twice")]);
                }
                let entity = word(&id)?;
                let made = StoredEntity {
                    entity,
                    is_added: added,
                    name,
                    one,
                    fields,
                    stages,
                    version: 1,
                };
                self.types.push((line.number, made));
            }
            Kind::Member => {
                let form: MemberForm = read(line)?;
                let id: MemberId = self.own(line, form.id.0, ids)?;
                self.members.push((line.number, member(form, id, ids)?));
            }
            Kind::Invitation => {
                let form: InvitationForm = read(line)?;
                let id: InvitationId = self.own(line, form.id.0, ids)?;
                self.invitations.push((line.number, invitation(form, id, ids)?));
            }
            Kind::Record | Kind::Event | Kind::Audit | Kind::AuditSubject | Kind::End => {}
        }
        Ok(())
    }

    /// What the own id of a line becomes, if no line of its kind has it.
    fn own<T: From<Uuid>>(&mut self, line: &Line, id: Uuid, ids: Ids) -> Result<T, Wrong> {
        check_id(id, ids.now).map_err(|why| vec![format!("its id {why}")])?;
        if self.ids.insert((line.kind, id)) {
            return Ok(ids.of(id));
        }
        Err(vec![format!("a {} with its id is there already", line.kind.word())])
    }

    /// Whether a member is in the file, also one who was removed. Without a map, since both are of the file.
    pub(super) fn has_member(&self, id: MemberId) -> bool {
        self.ids.contains(&(Kind::Member, id.0))
    }
}

fn read<T: serde::de::DeserializeOwned>(line: &Line) -> Result<T, Wrong> {
    line.read().map_err(|why| vec![why])
}

fn head(form: WorkspaceForm, ids: Ids) -> Result<Head, Wrong> {
    if form.format != FORMAT {
        return Err(vec![format!(
            "its format is {}, and this version imports {FORMAT}; export the workspace with this version",
            form.format
        )]);
    }
    check_id(form.id.0, ids.now).map_err(|why| vec![format!("its id {why}")])?;
    Ok(Head {
        id: ids.of(form.id.0),
        name: name(&form.name)?,
        slug: text(Slug::parse(&form.slug))?,
        created_at: form.created_at.min(ids.now),
        settings: form.settings,
        blueprint: form.blueprint,
    })
}

fn profile(form: &ProfileForm, id: ProfileId) -> Result<Profile, Wrong> {
    Ok(Profile {
        id,
        template: form.template.as_deref().map(word).transpose()?,
        name: name(&form.name)?,
        description: text(description(&form.description))?,
        cells: cells(form)?,
        version: 1,
    })
}

fn team(form: &TeamForm, id: TeamId, ids: Ids) -> Result<Team, Wrong> {
    let sharing = RecordSharing::parse(&form.record_sharing);
    Ok(Team {
        id,
        name: name(&form.name)?,
        description: text(description(&form.description))?,
        profile: form.profile.map(|id| ids.of(id.0)),
        sharing: known(sharing, "record_sharing", &form.record_sharing)?,
        version: 1,
    })
}

fn cells(form: &ProfileForm) -> Result<Cells, Wrong> {
    let (mut cells, mut wrong) = (Cells::default(), Vec::new());
    for (resource, row) in &form.grants {
        for (action, scope) in row {
            match Scope::parse(scope) {
                None if scope != "none" => {
                    wrong.push(format!("`{resource}` `{action}` has no scope `{scope}`"));
                }
                found => cells.set(resource, action, found),
            }
        }
    }
    if wrong.is_empty() { Ok(cells) } else { Err(wrong) }
}

fn report(form: &ReportForm, id: ReportId, ids: Ids) -> Result<SavedReport, Wrong> {
    let (grouping, measure) = (Grouping::parse(&form.group_by), Measure::parse(&form.measure));
    Ok(SavedReport {
        id,
        name: name(&form.name)?,
        sharing: Sharing { created_by: ids.of(form.created_by.0), is_shared: form.shared },
        entity: word(&form.entity)?,
        stage: form.stage.as_deref().map(word).transpose()?,
        owner: form.owner.map(|owner| ids.owner(owner)),
        grouping: known(grouping, "group_by", &form.group_by)?,
        measure: known(measure, "measure", &form.measure)?,
        version: 1,
    })
}

fn view(form: ViewForm, id: ViewId, ids: Ids) -> Result<SavedView, Wrong> {
    let filter = form.filter.read().map_err(|errors| refused(Refusal::Fields(errors)))?;
    let mut settings = ViewSettings {
        filter,
        sort: form.sort.as_deref().map(word).transpose()?,
        columns: form.columns,
    };
    if let Some(OwnerRef::Member(id)) = &mut settings.filter.owner {
        *id = ids.of(id.0);
    }
    let columns = settings.columns.as_deref().unwrap_or_default();
    if columns.len() > MOST_COLUMNS || columns.iter().any(|column| word(column).is_err()) {
        return Err(vec![format!("a view has at most {MOST_COLUMNS} columns, each a key")]);
    }
    Ok(SavedView {
        id,
        name: name(&form.name)?,
        sharing: Sharing { created_by: ids.of(form.created_by.0), is_shared: form.shared },
        entity: word(&form.entity)?,
        settings,
        version: 1,
    })
}

fn refused(refusal: Refusal) -> Wrong {
    if let Refusal::Fields(errors) = refusal {
        return errors.iter().map(|one| format!("{}: {}", one.pointer, one.detail)).collect();
    }
    vec![refusal.to_string()]
}
