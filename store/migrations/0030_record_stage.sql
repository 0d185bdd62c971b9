-- Lists of a stage are read in the order of the records, for everyone and for an owner.
CREATE INDEX records_stage ON records (workspace_id, entity, stage, id, owner_id);
CREATE INDEX records_owner_stage ON records (workspace_id, entity, owner_id, stage, id);
