//! The changes of a request: of the model, after every guard, and of what else is in the snapshot.
//!
//! **Invariant:** what is changed in the snapshot is in `touched`, or is in the workspace's own row.

use std::sync::Arc;

use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::danger::changes_top_role;
use hallpass_domain::slug::Slug;
use hallpass_engine::Change;
use serde_json::{Map, Value};

use super::WorkspaceContext;
use crate::access_change::Touched;
use crate::error::Error;
use crate::snapshot::Snapshot;

impl WorkspaceContext {
    /// Applies changes to the model, if every guard allows them; they take effect with the commit.
    pub(crate) fn apply(&mut self, kind: ChangeKind, changes: &[Change]) -> Result<(), Error> {
        self.apply_for(self.grantor(), kind, changes)
    }

    /// Applies changes to the model on behalf of a given grantor.
    pub(crate) fn apply_for(
        &mut self,
        grantor: Grantor,
        kind: ChangeKind,
        changes: &[Change],
    ) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        let model = self.model().change(grantor, kind, changes);
        let model = model.map_err(|refusal| self.with_names(refusal))?;
        if changes_top_role(self.model(), changes) {
            self.check_recent()?;
        }
        for change in changes {
            self.touched.add(change);
        }
        self.put_model(model);
        Ok(())
    }

    /// Replaces the model by any other, from the commit on. The boundary of the request holds in it.
    pub(crate) fn set_model(&mut self, model: Model) {
        self.touched = Touched::Everything;
        self.put_model(model);
    }

    fn put_model(&mut self, model: Model) {
        let bounded = self.boundary.as_ref().zip(self.member_id());
        // A member whom the change has removed does nothing more.
        let model = match bounded.and_then(|(boundary, id)| model.bounded(id, boundary)) {
            Some(bounded) => bounded,
            None => model,
        };
        self.next_mut().model = model;
    }

    /// Puts the names of the workspace and of custom roles into a refusal, in the place of ids.
    fn with_names(&self, refusal: Refusal) -> Error {
        let snapshot = self.snapshot();
        let name = snapshot.workspace.name.as_str();
        Error::Refused(refusal.with_names(name, |role| snapshot.name(role)))
    }

    /// Gives the name of a team, profile or role, which was put into the model before.
    pub(crate) fn set_name(&mut self, id: &impl ToString, name: &Name) {
        self.next_mut().names.insert(id.to_string(), name.to_string());
    }

    /// Replaces the settings of the workspace, and what follows from them. Another server reads them with each
    /// revision.
    pub(crate) fn set_settings(&mut self, settings: &Map<String, Value>) {
        self.next_mut().set_settings(settings);
    }

    /// Replaces the name and the slug of the workspace, as [`WorkspaceContext::set_settings`] the settings.
    pub(crate) fn set_general(&mut self, name: Name, slug: Slug) {
        let workspace = &mut self.next_mut().workspace;
        (workspace.name, workspace.slug) = (name, slug);
    }

    /// Borrows the snapshot that the commit stores, to change anything in it: other servers compile it again.
    pub(crate) fn snapshot_mut(&mut self) -> &mut Snapshot {
        self.touched = Touched::Everything;
        self.next_mut()
    }

    fn next_mut(&mut self) -> &mut Snapshot {
        Arc::make_mut(self.next.get_or_insert_with(|| Arc::clone(&self.snapshot)))
    }
}
