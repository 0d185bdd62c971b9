//! Saved views: create, share, open.
//!
//! **Invariant:** a view gives nothing. It is a filter that each reader's own list of records applies, and a
//! view that is not shared exists for its creator only.

use hallpass_domain::id::ViewId;
use hallpass_domain::name::Name;
use hallpass_domain::record::OwnerRef;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::saved_view::{
    FilterParts, MOST_COLUMNS, MOST_VIEWS, SavedView, ViewFilter, ViewSettings,
};
use hallpass_domain::sharing::Sharing;
use serde_json::{Value, json};

use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{
    CreateReports, DeleteReports, ReadReports, RecordPermission, UpdateReports,
};
use crate::gate::{Pass, Permission};
use crate::record::filter::Order;
use crate::record::part::reading;
use crate::record::{RecordPosition, RecordQuery};
use crate::sharing::is_visible;

/// A new view, or a change of one; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct ViewChange {
    /// The name.
    pub name: Option<String>,
    /// Whether others see it.
    pub is_shared: Option<bool>,
    /// The record type, by key.
    pub entity: Option<String>,
    /// Which records.
    pub filter: Option<FilterParts>,
    /// Their order; or that of lists.
    pub sort: Option<Option<String>>,
    /// The columns; or those of lists.
    pub columns: Option<Option<Vec<String>>>,
}

/// A view, and what its record type lacks that it needs.
#[derive(Clone, Debug)]
pub struct CheckedView {
    /// The view.
    pub view: SavedView,
    /// What it needs and the record type lacks; none for a view that works.
    pub faults: Vec<FieldError>,
}

/// What a member may do with saved views beside reading them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewRights {
    /// Save new ones.
    pub creates: bool,
    /// Change them.
    pub updates: bool,
    /// Delete them.
    pub deletes: bool,
}

/// The saved views of a workspace.
pub struct SavedViews<'c>(pub(crate) &'c mut WorkspaceContext);

impl SavedViews<'_> {
    /// What the member may do with the saved views that they see; none for a member who sees none, and where
    /// reports are switched off.
    #[must_use]
    pub fn rights(&mut self) -> Option<ViewRights> {
        let is_on = self.0.dashboard().switched_off(&ReadReports).is_none();
        (is_on && self.0.opens(&ReadReports)).then(|| ViewRights {
            creates: self.0.opens(&CreateReports),
            updates: self.0.opens(&UpdateReports),
            deletes: self.0.opens(&DeleteReports),
        })
    }

    /// Lists the member's own views and the shared ones, of one record type or of all.
    #[boxed]
    pub async fn list(&mut self, entity: Option<&str>) -> Result<Vec<CheckedView>, Error> {
        let pass = self.0.dashboard().check(ReadReports).await?;
        let member = self.0.member_id();
        let views = self.0.read(&pass)?.saved_views().list(member, entity).await?;
        let ctx = &*self.0;
        Ok(views
            .into_iter()
            .filter(|view| is_visible(ctx, &view.sharing, &view.entity))
            .map(|view| checked(ctx, view))
            .collect())
    }

    /// Loads a view.
    #[boxed]
    pub async fn load(&mut self, id: ViewId) -> Result<CheckedView, Error> {
        let pass = self.0.dashboard().check(ReadReports).await?;
        let view = self.find(&pass, id).await?;
        Ok(checked(self.0, view))
    }

    /// Creates a view of a record type that the member may read.
    #[boxed]
    pub async fn create(&mut self, change: &ViewChange) -> Result<SavedView, Error> {
        let pass = self.0.dashboard().check(CreateReports).await?;
        let required = [("/name", change.name.is_none()), ("/entity", change.entity.is_none())];
        let missing = required.into_iter().filter(|(_, is_missing)| *is_missing);
        Refusal::unless_valid(
            missing.map(|(pointer, _)| FieldError::missing(pointer)).collect(),
        )?;
        let creator = self.0.member_id().ok_or_else(no_workspace)?;
        let blank = SavedView {
            id: self.0.id(),
            name: parse_name(change.name.as_deref().unwrap_or_default())?,
            sharing: Sharing::own(creator),
            entity: String::new(),
            settings: ViewSettings::default(),
            version: 1,
        };
        let view = self.changed(&blank, change).await?;
        let ctx = &mut *self.0;
        let count = ctx.read(&pass)?.saved_views().count_by(creator).await?;
        if usize::try_from(count).unwrap_or(usize::MAX) >= MOST_VIEWS {
            let detail =
                format!("you have {MOST_VIEWS} saved views, as many as fit; delete one first");
            return Err(Refusal::field("", "too_many", detail).into());
        }
        ctx.tx(&pass)?.saved_views().insert(&view).await?;
        ctx.record_audit(&pass, "view.create", view.id, &(), &audit_view(&view)).await?;
        ctx.commit(&pass).await?;
        Ok(view)
    }

    /// Updates a view.
    #[boxed]
    pub async fn update(
        &mut self,
        id: ViewId,
        change: &ViewChange,
    ) -> Result<SavedView, Error> {
        let pass = self.0.dashboard().check(UpdateReports).await?;
        let before = self.find(&pass, id).await?;
        self.0.check_version(before.version)?;
        let after = self.changed(&before, change).await?;
        let ctx = &mut *self.0;
        if !ctx.tx(&pass)?.saved_views().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "view.update", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(SavedView { version: after.version + 1, ..after })
    }

    /// Deletes a view; no record changes.
    #[boxed]
    pub async fn delete(&mut self, id: ViewId) -> Result<(), Error> {
        let pass = self.0.dashboard().check(DeleteReports).await?;
        let before = self.find(&pass, id).await?;
        self.0.check_version(before.version)?;
        let ctx = &mut *self.0;
        ctx.tx(&pass)?.saved_views().delete(id).await?;
        ctx.record_audit(&pass, "view.delete", id, &audit_view(&before), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Loads a view with the query of its list, which [`Records::list`](crate::record::Records::list) runs for
    /// the member.
    ///
    /// # Errors
    ///
    /// `ViewOutdated` for a view whose record type lacks what it needs: its list would be another one.
    #[boxed]
    pub async fn query(&mut self, id: ViewId) -> Result<(SavedView, ViewQuery), Error> {
        let CheckedView { view, faults } = self.load(id).await?;
        if !faults.is_empty() {
            return Err(Refusal::ViewOutdated { faults }.into());
        }
        let query = ViewQuery::of(&view.settings);
        Ok((view, query))
    }

    async fn find(
        &mut self,
        pass: &Pass<impl Permission>,
        id: ViewId,
    ) -> Result<SavedView, Error> {
        let found = self.0.read(pass)?.saved_views().find(id).await?;
        let ctx = &*self.0;
        let visible = found.filter(|view| is_visible(ctx, &view.sharing, &view.entity));
        visible.ok_or(Error::Missing { noun: "view" })
    }

    /// The view after a change, which the member could open.
    async fn changed(
        &mut self,
        before: &SavedView,
        change: &ViewChange,
    ) -> Result<SavedView, Error> {
        let filter = change.filter.clone().map(FilterParts::read).transpose();
        let filter = filter.map_err(Refusal::Fields)?;
        let was = &before.settings;
        let settings = ViewSettings {
            filter: filter.unwrap_or_else(|| was.filter.clone()),
            sort: change.sort.clone().unwrap_or_else(|| was.sort.clone()),
            columns: change.columns.clone().unwrap_or_else(|| was.columns.clone()),
        };
        let after = SavedView {
            name: change.name.as_deref().map_or(Ok(before.name.clone()), parse_name)?,
            sharing: before.sharing.changed(change.is_shared),
            entity: change.entity.clone().unwrap_or_else(|| before.entity.clone()),
            settings,
            ..before.clone()
        };
        let ctx = &mut *self.0;
        let resource = ctx.snapshot().record_type(&after.entity);
        let resource = resource.ok_or_else(|| Refusal::Fields(vec![no_type(&after.entity)]))?;
        let pass = ctx.check(RecordPermission::new(&after.entity, reading(&resource))).await?;
        let mut errors = after.settings.faults(&resource);
        errors.extend(wrong_columns(&after.settings));
        if let Some(OwnerRef::Member(owner)) = after.settings.filter.owner
            && ctx.read(&pass)?.members().find(owner).await?.is_none()
        {
            let detail = format!("no member `{owner}`");
            errors.push(FieldError::new("/filter/owner", "unknown", detail));
        }
        Refusal::unless_valid(errors)?;
        Ok(after)
    }
}

/// The query of a view, of which each page is a part.
#[derive(Clone, Debug)]
pub struct ViewQuery {
    query: RecordQuery,
    /// The word of its order, for cursors.
    pub order: String,
}

impl ViewQuery {
    /// The query of a list with some settings.
    #[must_use]
    pub fn of(settings: &ViewSettings) -> ViewQuery {
        let ViewFilter { text, owner, stage, rest } = settings.filter.clone();
        let Order { order, sorting, word } =
            Order::parse(settings.sort.as_deref(), text.as_deref());
        let query = RecordQuery {
            text,
            owner,
            stage,
            order,
            filter: rest,
            sorting,
            ..RecordQuery::default()
        };
        ViewQuery { query, order: word }
    }

    /// The query of a page.
    #[must_use]
    pub fn page(self, after: Option<RecordPosition>, limit: usize) -> RecordQuery {
        RecordQuery { after, limit, ..self.query }
    }
}

fn checked(ctx: &WorkspaceContext, view: SavedView) -> CheckedView {
    let resource = ctx.snapshot().record_type(&view.entity);
    let faults = match &resource {
        Some(resource) => view.settings.faults(resource),
        None => vec![no_type(&view.entity)],
    };
    CheckedView { view, faults }
}

fn no_type(entity: &str) -> FieldError {
    let entity = hallpass_domain::text::printable(entity);
    FieldError::new("/entity", "unknown", format!("no record type `{entity}`"))
}

fn wrong_columns(settings: &ViewSettings) -> Vec<FieldError> {
    let columns = settings.columns.as_deref().unwrap_or_default();
    let twice = columns.iter().enumerate().filter(|(at, column)| {
        columns.get(..*at).is_some_and(|before| before.contains(column))
    });
    let mut errors: Vec<FieldError> = twice
        .map(|(at, column)| {
            let detail = format!("`{column}` is a column already");
            FieldError::new(format!("/columns/{at}"), "duplicate", detail)
        })
        .collect();
    if columns.len() > MOST_COLUMNS {
        let detail = format!("a view has at most {MOST_COLUMNS} columns");
        errors.push(FieldError::new("/columns", "too_many", detail));
    }
    errors
}

fn parse_name(name: &str) -> Result<Name, Refusal> {
    Name::parse(name).map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))
}

/// A view in the audit log.
pub(crate) fn audit_view(view: &SavedView) -> Value {
    json!({
        "name": view.name.as_str(),
        "shared": view.sharing.is_shared,
        "entity": view.entity,
        "filter": FilterParts::of(&view.settings.filter),
        "sort": view.settings.sort,
        "columns": view.settings.columns,
    })
}
