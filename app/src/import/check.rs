//! The first reading of a file: everything in it is checked, and nothing is written.

use hallpass_domain::email::Email;
use hallpass_domain::id::MemberId;
use hallpass_domain::import::IdMap;
use hallpass_domain::member::Status;
use hallpass_domain::slug::Slug;

use super::admission::{Admitted, admit};
use super::file::{Kind, Line, Lines};
use super::form::EndForm;
use super::log::{Known, Log};
use super::reading::{Ids, Wrong};
use super::report::{ImportReport, Problem};
use super::request::{ImportRequest, ImportedIds};
use super::setup::Setup;
use crate::app::App;
use crate::error::Error;
use crate::export::LEFT_OUT;

/// How many members are looked up at a time.
const MEMBERS: usize = 1_000;

/// A file that was checked.
pub(super) struct Checked {
    pub(super) report: ImportReport,
    /// What precedes the records, with the ids of the file.
    pub(super) setup: Setup,
    /// What is known of it; none where it has problems.
    pub(super) admitted: Option<Admitted>,
    pub(super) slug: Option<Slug>,
    /// The hash of the file, by which the second reading is known to be of the same.
    pub(super) hash: Vec<u8>,
    /// The lines of the file.
    pub(super) lines: u64,
    /// The revision from which the workspace goes on.
    pub(super) revision: i64,
}

impl Checked {
    /// Reads a file and checks all of it.
    pub(super) async fn read(app: &App, request: &ImportRequest) -> Result<Checked, Error> {
        let ids = Ids { map: IdMap::Kept, now: app.now() };
        let mut checked = Checked {
            report: ImportReport::default(),
            setup: Setup::default(),
            admitted: None,
            slug: None,
            hash: Vec::new(),
            lines: 0,
            revision: 1,
        };
        let mut lines = Lines::of(&request.file)?;
        let mut log = Log::default();
        let (mut place, mut is_set_up) = (Kind::Workspace, false);
        loop {
            // Others go on while a long file is read.
            if checked.lines.is_multiple_of(256) {
                tokio::task::yield_now().await;
            }
            let line = match lines.next()? {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(problem) => {
                    checked.lines += 1;
                    if checked.report.add([problem]) {
                        continue;
                    }
                    break;
                }
            };
            checked.lines += 1;
            let number = line.number;
            let ordered = order(&mut place, &line);
            if !is_set_up && line.kind.place() >= Kind::Record {
                is_set_up = true;
                match admit(app, &checked.setup).await? {
                    Ok(admitted) => checked.admitted = Some(admitted),
                    Err(problems) => {
                        checked.report.add(problems);
                    }
                }
            }
            let found = ordered.and_then(|()| checked.take(&line, &mut log, ids));
            let wrong = found.err().unwrap_or_default();
            // What is not admitted is told, and what depends on it is not.
            if !checked.report.add(wrong.into_iter().map(|text| Problem::at(number, text)))
                || (is_set_up && checked.admitted.is_none())
            {
                break;
            }
            *checked.report.counts.entry(line.kind.word()).or_default() += 1;
        }
        if checked.report.problems.is_empty() && place != Kind::End {
            checked.report.add([Problem::of_file(
                "the file ends before the export did: its last line is not of the kind `end`; \
                 export the workspace again",
            )]);
        }
        if let Some(id) = log.record_twice() {
            checked.report.add([Problem::of_file(format!("the record `{id}` is there twice"))]);
        }
        checked.hash = lines.into_hash();
        checked.revision = log.revision + 1;
        checked.finish(app, request).await?;
        Ok(checked)
    }

    /// Takes a line.
    fn take(&mut self, line: &Line, log: &mut Log, ids: Ids) -> Result<(), Wrong> {
        if line.kind.place() < Kind::Record {
            return self.setup.add(line, ids);
        }
        let Some(admitted) = &self.admitted else { return Ok(()) };
        let known = Known { types: &admitted.types, setup: &self.setup, ids };
        match line.kind {
            Kind::Record => log.record(line, known).map(drop),
            Kind::Event => log.event(line, known).map(drop),
            Kind::Audit => log.entry(line, known).map(drop),
            Kind::AuditSubject => log.subjects(line, known).map(drop),
            Kind::Workspace
            | Kind::Department
            | Kind::Role
            | Kind::Profile
            | Kind::Team
            | Kind::Report
            | Kind::View
            | Kind::RecordType
            | Kind::Member
            | Kind::Invitation => Ok(()),
            Kind::End => {
                let EndForm { lines, .. } = line.read().map_err(|why| vec![why])?;
                if lines + 1 == line.number {
                    return Ok(());
                }
                Err(vec![format!(
                    "the export had {lines} lines before this one; some are missing"
                )])
            }
        }
    }

    /// Completes the report by what the server has.
    async fn finish(&mut self, app: &App, request: &ImportRequest) -> Result<(), Error> {
        let Some(head) = &self.setup.head else { return Ok(()) };
        let slug = match request.slug.as_deref().map(Slug::parse).transpose() {
            Ok(slug) => slug.unwrap_or_else(|| head.slug.clone()),
            Err(why) => {
                self.report.add([Problem::of_file(format!("the slug: {why}"))]);
                return Ok(());
            }
        };
        self.report.name = head.name.to_string();
        self.report.slug = slug.to_string();
        let Some(admitted) = &self.admitted else { return Ok(()) };
        self.report.blueprint.clone_from(&admitted.blueprint.id);
        self.report.notes.clone_from(&admitted.notes);
        self.report.notes.extend(LEFT_OUT.iter().map(|what| format!("left out: {what}")));
        let mut problems = taken_slug(app, &slug).await?;
        if request.ids == ImportedIds::Kept {
            problems.extend(self.taken_ids(app).await?);
        }
        self.report.add(problems);
        self.slug = Some(slug);
        self.count_accounts(app).await
    }

    /// The ids that the server has, of a workspace or its members.
    async fn taken_ids(&self, app: &App) -> Result<Vec<Problem>, Error> {
        let Some(head) = &self.setup.head else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        if app.db().read().await?.workspaces().find(head.id).await?.is_some() {
            found.push(Problem::at(1, "the server has a workspace with its id; make new ids"));
        }
        // What is in memory is known by ids and revisions, and could be of the workspace before.
        let mut tx = app.db().read().await?;
        if tx.operations().has("workspace.purge", &head.id.to_string()).await? {
            let text = "the server had a workspace with its id, which was purged; make new ids";
            found.push(Problem::at(1, text));
        }
        drop(tx);
        for members in self.setup.members.chunks(MEMBERS) {
            let ids: Vec<MemberId> = members.iter().map(|(_, one)| one.id).collect();
            let mut tx = app.db().read().await?;
            for id in tx.workspaces().list_taken_ids(&ids).await? {
                found.push(Problem::of_file(format!(
                    "the server has the id `{id}`; make new ids"
                )));
            }
        }
        Ok(found)
    }

    async fn count_accounts(&mut self, app: &App) -> Result<(), Error> {
        let present = self
            .setup
            .members
            .iter()
            .filter(|(_, one)| one.status != Status::Removed && !one.is_service());
        let emails: Vec<Email> =
            present.filter_map(|(_, one)| Email::parse(&one.email).ok()).collect();
        for emails in emails.chunks(MEMBERS) {
            let mut tx = app.db().read().await?;
            for email in emails {
                match tx.accounts().find_confirmed(email).await? {
                    Some(_) => self.report.with_account += 1,
                    None => self.report.without_account += 1,
                }
            }
        }
        Ok(())
    }
}

/// Checks that lines come in the order of an export: each part needs those before it.
fn order(place: &mut Kind, line: &Line) -> Result<(), Wrong> {
    let kind = line.kind.place();
    if *place == Kind::End {
        return Err(vec!["nothing follows the line of the kind `end`".to_owned()]);
    }
    if (line.number == 1) != (kind == Kind::Workspace) {
        return Err(vec![
            "the first line, and no other, is of the kind `workspace`".to_owned(),
        ]);
    }
    if kind < *place {
        let (word, before) = (line.kind.word(), place.word());
        return Err(vec![format!(
            "a line of the kind `{word}` comes before those of `{before}`"
        )]);
    }
    *place = kind;
    Ok(())
}

/// Whether a workspace has a slug, or one that breaks off.
async fn taken_slug(app: &App, slug: &Slug) -> Result<Vec<Problem>, Error> {
    let mut tx = app.db().read().await?;
    let Some(id) = tx.workspaces().find_id_by_slug(slug.as_str()).await? else {
        return Ok(Vec::new());
    };
    let text = match tx.workspaces().find_import(id).await? {
        Some(_) => format!(
            "a workspace with the slug `{slug}` is being imported, or its import has broken off; \
             `hallpass workspace purge {slug}` removes what is left of it"
        ),
        None => format!("the slug `{slug}` is taken; choose another"),
    };
    Ok(vec![Problem::of_file(text)])
}
