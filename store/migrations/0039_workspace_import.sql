-- A workspace that is being imported: when the import has written last. Until the import ends, the workspace is also
-- marked as deleted, so that nothing enters it. Zero for one that is purged.
ALTER TABLE workspaces ADD COLUMN import_at BIGINT;
