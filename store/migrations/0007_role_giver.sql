-- Since when members have their role, and who gave it to them: nobody for the operator.
ALTER TABLE members ADD COLUMN role_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN role_by {id};
UPDATE members SET role_since = joined_at;
