-- The version of a record type's counters: each change of how many records an owner has makes the
-- next one, so that whoever keeps them in memory knows whether they still are what he has.
ALTER TABLE record_totals ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
