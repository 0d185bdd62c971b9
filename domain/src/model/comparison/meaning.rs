//! Questions that two access models answer by other permissions: an area that another resource covers, and a
//! verb of a record type that is another action. Each member keeps their permissions, and may do something
//! else with them.

use hallpass_engine::{AREAS, Blueprint, Cell, Difference, Resource, ResourceKind};

use crate::model::Model;

/// The key of a resource and of one of its actions.
type Permission = (String, String);

/// A question with the permissions that answer it in both access models.
pub(super) struct Question {
    /// The area or the key of the record type.
    on: String,
    verb: String,
    before: Option<Permission>,
    after: Option<Permission>,
}

/// The questions that the models answer by other permissions.
pub(super) fn differing(before: &Model, after: &Model) -> Vec<Question> {
    let (mine, theirs) = (before.blueprint(), after.blueprint());
    if std::sync::Arc::ptr_eq(mine, theirs) {
        return Vec::new();
    }
    let mut found = areas(mine, theirs);
    let records = |known: &&Resource| known.kind == ResourceKind::Records;
    for resource in before.policy().resources().iter().filter(records) {
        let mut others = after.policy().resources().iter().filter(records);
        if let Some(other) = others.find(|other| other.key == resource.key) {
            found.extend(verbs(resource, other));
        }
    }
    found
}

fn areas(mine: &Blueprint, theirs: &Blueprint) -> Vec<Question> {
    let owned = |(resource, action): (&str, &str)| (resource.to_owned(), action.to_owned());
    let questions = AREAS.iter().flat_map(|area| {
        area.verbs.iter().map(|verb| Question {
            on: area.name.to_owned(),
            verb: (*verb).to_owned(),
            before: mine.area(area.name, verb).map(owned),
            after: theirs.area(area.name, verb).map(owned),
        })
    });
    questions.filter(|one| one.before != one.after).collect()
}

fn verbs(mine: &Resource, theirs: &Resource) -> Vec<Question> {
    let all = |resource: &Resource| {
        [
            ("create", resource.create),
            ("read", resource.read),
            ("update", resource.update),
            ("delete", resource.delete),
            ("claim", resource.claim),
            ("reassign", resource.reassign),
        ]
    };
    let permission = |resource: &Resource, action: Option<usize>| {
        let action = action.and_then(|index| resource.actions.get(index))?;
        Some((resource.key.clone(), action.key.clone()))
    };
    let questions =
        all(mine).into_iter().zip(all(theirs)).map(|((verb, before), (_, after))| Question {
            on: mine.key.clone(),
            verb: verb.to_owned(),
            before: permission(mine, before),
            after: permission(theirs, after),
        });
    questions.filter(|one| one.before != one.after).collect()
}

impl Question {
    /// What members may do by the question before and not after, and the reverse. Each model comes with what
    /// of it is switched on.
    pub(super) fn compare(
        &self,
        (before, was_on): (&Model, &dyn Fn(&str) -> bool),
        (after, is_on): (&Model, &dyn Fn(&str) -> bool),
    ) -> Vec<Difference> {
        let cell = |model: &Model, permission: &Option<Permission>| -> Option<Cell> {
            let (resource, action) = permission.as_ref()?;
            model.policy().cell(resource, action)
        };
        let on = |permission: &Option<Permission>, is_on: &dyn Fn(&str) -> bool| {
            permission.as_ref().is_some_and(|(resource, _)| is_on(resource))
        };
        let mine = cell(before, &self.before).filter(|_| on(&self.before, was_on));
        let theirs = cell(after, &self.after).filter(|_| on(&self.after, is_on));
        let found = before.policy().compare_cells(after.policy(), mine, theirs);
        let named = |change: Difference| Difference {
            resource: self.on.clone(),
            action: self.verb.clone(),
            ..change
        };
        found.into_iter().map(named).collect()
    }
}
