-- The member through whose eyes a session looks at a workspace, and until when.
ALTER TABLE sessions ADD COLUMN view_workspace_id {id};
ALTER TABLE sessions ADD COLUMN view_member_id {id};
ALTER TABLE sessions ADD COLUMN view_until BIGINT;
