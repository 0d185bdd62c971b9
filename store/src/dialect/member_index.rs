//! How each engine finds members by a part of their name, address or alias.
//!
//! SQLite has a table of its full-text search beside the members, whose rows have the numbers in `doc`; triggers
//! keep it. It holds sets of three characters and no text. The numbers of a workspace are next to each other, so
//! that a search reads nothing of another one. PostgreSQL has an index of the members themselves.

use hallpass_domain::text::escape_like;

use super::Dialect;

/// A text of so many characters is found by the index; a shorter one is compared with each member.
pub(crate) const SHORTEST: usize = 3;

impl Dialect {
    /// Creates the index.
    pub(super) const fn member_index(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "ALTER TABLE workspaces ADD COLUMN member_scope BIGINT;\n\
                 UPDATE workspaces SET member_scope = numbered.number FROM (SELECT id AS place, \
                 row_number() OVER (ORDER BY id) AS number FROM workspaces) AS numbered \
                 WHERE id = numbered.place;\n\
                 CREATE UNIQUE INDEX workspaces_member_scope ON workspaces (member_scope);\n\
                 ALTER TABLE members ADD COLUMN doc BIGINT;\n\
                 UPDATE members SET doc = numbered.number FROM (SELECT workspace_id AS place, \
                 m.id AS member, (w.member_scope << 32) + row_number() OVER \
                 (PARTITION BY workspace_id ORDER BY m.id) AS number \
                 FROM members m JOIN workspaces w ON w.id = m.workspace_id) AS numbered \
                 WHERE workspace_id = numbered.place AND id = numbered.member;\n\
                 CREATE UNIQUE INDEX members_doc ON members (doc);\n\
                 CREATE VIRTUAL TABLE member_index USING fts5 (search, content = '', \
                 contentless_delete = 1, tokenize = 'trigram case_sensitive 1');\n\
                 INSERT INTO member_index (rowid, search) SELECT doc, search FROM members;\n\
                 CREATE TRIGGER workspaces_scoped AFTER INSERT ON workspaces BEGIN \
                 UPDATE workspaces SET member_scope = \
                 (SELECT coalesce(max(member_scope), 0) + 1 FROM workspaces) \
                 WHERE id = NEW.id; END;\n\
                 CREATE TRIGGER members_indexed AFTER INSERT ON members BEGIN \
                 UPDATE members SET doc = (SELECT coalesce((SELECT max(m.doc) FROM members m \
                 WHERE m.doc > w.member_scope << 32 AND m.doc < (w.member_scope + 1) << 32), \
                 w.member_scope << 32) + 1 FROM workspaces w WHERE w.id = NEW.workspace_id) \
                 WHERE workspace_id = NEW.workspace_id AND id = NEW.id; \
                 INSERT INTO member_index (rowid, search) SELECT doc, search FROM members \
                 WHERE workspace_id = NEW.workspace_id AND id = NEW.id; END;\n\
                 CREATE TRIGGER members_reindexed AFTER UPDATE OF search ON members \
                 WHEN NEW.search <> OLD.search BEGIN \
                 DELETE FROM member_index WHERE rowid = OLD.doc; \
                 INSERT INTO member_index (rowid, search) VALUES (NEW.doc, NEW.search); END;\n\
                 CREATE TRIGGER members_unindexed AFTER DELETE ON members BEGIN \
                 DELETE FROM member_index WHERE rowid = OLD.doc; END"
            }
            Dialect::Postgres => {
                "CREATE EXTENSION IF NOT EXISTS pg_trgm;\n\
                 CREATE INDEX members_search ON members USING gin (workspace_id, search gin_trgm_ops)"
            }
        }
    }

    /// The members of a workspace who were not removed and whom the index finds by a text, at most so many, with
    /// what they are sorted by. It takes the text as [`Dialect::member_text`] binds it, the limit, and the text as a
    /// pattern, with which each is compared.
    pub(crate) const fn indexed_members(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "SELECT id, name_key FROM members INDEXED BY members_doc WHERE doc IN \
                 (SELECT rowid FROM member_index WHERE member_index MATCH ?2 \
                 AND rowid > (SELECT member_scope << 32 FROM workspaces WHERE id = ?1) \
                 AND rowid < (SELECT (member_scope + 1) << 32 FROM workspaces WHERE id = ?1)) \
                 AND workspace_id = ?1 AND status <> 'removed' AND search LIKE ?4 ESCAPE '\\' \
                 LIMIT ?3"
            }
            Dialect::Postgres => {
                "SELECT id, name_key FROM members WHERE workspace_id = ?1 AND search LIKE ?2 ESCAPE '\\' \
                 AND status <> 'removed' AND search LIKE ?4 ESCAPE '\\' LIMIT ?3"
            }
        }
    }

    /// What the index looks a text up by, which is folded and long enough.
    pub(crate) fn member_text(self, text: &str) -> String {
        match self {
            Dialect::Sqlite => format!("\"{}\"", text.replace('"', "\"\"")),
            Dialect::Postgres => format!("%{}%", escape_like(text)),
        }
    }

    /// Follows FROM: the members of a workspace in a list, which are looked up and not walked by name.
    pub(crate) fn members_among(self, ids: &str) -> String {
        match self {
            Dialect::Sqlite => format!(
                "(SELECT * FROM members INDEXED BY sqlite_autoindex_members_1 \
                 WHERE workspace_id = ?1 AND id {}) AS members",
                self.in_ids(ids)
            ),
            Dialect::Postgres => format!(
                "(SELECT * FROM members WHERE workspace_id = ?1 AND id {} OFFSET 0) AS members",
                self.seek_ids(ids)
            ),
        }
    }
}
