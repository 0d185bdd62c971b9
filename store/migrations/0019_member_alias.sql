-- The other name under which a member works in the workspace, and by which they are found.
ALTER TABLE members ADD COLUMN alias {text};
