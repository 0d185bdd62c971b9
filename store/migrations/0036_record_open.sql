-- Lists of what is open, or is not, are read in the order of the records, for everyone and for an owner.
CREATE INDEX records_open ON records (workspace_id, entity, is_open, id, owner_id);
CREATE INDEX records_owner_open ON records (workspace_id, entity, owner_id, is_open, id);
