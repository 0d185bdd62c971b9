-- Members of a role are listed by name.
CREATE INDEX members_role ON members (workspace_id, role, name_key, id);
