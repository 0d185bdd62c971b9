-- A workspace that is being imported: when the import has written last. Until the import ends, the workspace is also
-- marked as deleted, so that nothing enters it.
ALTER TABLE workspaces ADD COLUMN import_at BIGINT;
