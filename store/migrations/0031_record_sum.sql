-- Sums of records: how many, how many of them open, and their amounts, for each owner and for all owners
-- together, whose id is the highest. Amounts are summed in two parts, of which neither overflows.
--
-- They are grouped by `stage` (an empty one is none), by `month` of creation in UTC, and around the beginning
-- of a month also by `slot`: the quarter of an hour, counted from 1970. In each time zone a month begins at a
-- quarter of an hour, so that the sums of months in a zone follow from months and slots.
CREATE TABLE record_sums (
    workspace_id {id} NOT NULL,
    owner_id {id} NOT NULL,
    entity {text} NOT NULL,
    grouped_by {text} NOT NULL,
    grouped {text} NOT NULL,
    n BIGINT NOT NULL,
    open_n BIGINT NOT NULL,
    amount_high BIGINT NOT NULL,
    amount_low BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, owner_id, entity, grouped_by, grouped)
) {clustered};
INSERT INTO record_sums (workspace_id, entity, grouped_by, owner_id, grouped, n, open_n, amount_high, amount_low)
    SELECT workspace_id, entity, 'stage', owner_id, coalesce(stage, ''), count(*),
        CAST(sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS BIGINT),
        CAST(coalesce(sum(amount / 1000000000), 0) AS BIGINT),
        CAST(coalesce(sum(amount % 1000000000), 0) AS BIGINT)
    FROM records GROUP BY workspace_id, entity, owner_id, coalesce(stage, '');
INSERT INTO record_sums (workspace_id, entity, grouped_by, owner_id, grouped, n, open_n, amount_high, amount_low)
    SELECT workspace_id, entity, 'month', owner_id, CAST(created_month AS TEXT), count(*),
        CAST(sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS BIGINT),
        CAST(coalesce(sum(amount / 1000000000), 0) AS BIGINT),
        CAST(coalesce(sum(amount % 1000000000), 0) AS BIGINT)
    FROM records GROUP BY workspace_id, entity, owner_id, created_month;
-- A month begins 365 y + y / 4 - y / 100 + y / 400 + (153 m + 2) / 5 - 719468 days after 1970 began, in years
-- and months from March on.
INSERT INTO record_sums (workspace_id, entity, grouped_by, owner_id, grouped, n, open_n, amount_high, amount_low)
    SELECT workspace_id, entity, 'slot', owner_id, CAST(created_at / 900000000 AS TEXT), count(*),
        CAST(sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS BIGINT),
        CAST(coalesce(sum(amount / 1000000000), 0) AS BIGINT),
        CAST(coalesce(sum(amount % 1000000000), 0) AS BIGINT)
    FROM (SELECT records.*,
            365 * ((created_month - 2) / 12) + (created_month - 2) / 12 / 4 - (created_month - 2) / 12 / 100
            + (created_month - 2) / 12 / 400 + (153 * ((created_month - 2) % 12) + 2) / 5 - 719468 AS begins,
            365 * ((created_month - 1) / 12) + (created_month - 1) / 12 / 4 - (created_month - 1) / 12 / 100
            + (created_month - 1) / 12 / 400 + (153 * ((created_month - 1) % 12) + 2) / 5 - 719468 AS ends
        FROM records) AS dated
    WHERE created_at < begins * 86400000000 + 43200000000 OR created_at >= ends * 86400000000 - 50400000000
    GROUP BY workspace_id, entity, owner_id, created_at / 900000000;
INSERT INTO record_sums (workspace_id, entity, grouped_by, owner_id, grouped, n, open_n, amount_high, amount_low)
    SELECT workspace_id, entity, grouped_by, {every_owner}, grouped, CAST(sum(n) AS BIGINT),
        CAST(sum(open_n) AS BIGINT), CAST(sum(amount_high) AS BIGINT), CAST(sum(amount_low) AS BIGINT)
    FROM record_sums GROUP BY workspace_id, entity, grouped_by, grouped;
-- The amounts of each owner, and the owners with the most records. The index is on an expression, so that no
-- planner takes it for other statements than the one that it serves.
ALTER TABLE record_counts ADD COLUMN amount_high BIGINT NOT NULL DEFAULT 0;
ALTER TABLE record_counts ADD COLUMN amount_low BIGINT NOT NULL DEFAULT 0;
UPDATE record_counts SET
    amount_high = coalesce((SELECT CAST(sum(s.amount_high) AS BIGINT) FROM record_sums s
        WHERE s.workspace_id = record_counts.workspace_id AND s.entity = record_counts.entity
        AND s.grouped_by = 'stage' AND s.owner_id = record_counts.owner_id), 0),
    amount_low = coalesce((SELECT CAST(sum(s.amount_low) AS BIGINT) FROM record_sums s
        WHERE s.workspace_id = record_counts.workspace_id AND s.entity = record_counts.entity
        AND s.grouped_by = 'stage' AND s.owner_id = record_counts.owner_id), 0);
CREATE INDEX record_counts_n ON record_counts (workspace_id, (entity || ''), n DESC, owner_id);
-- How many owners have records.
ALTER TABLE record_totals ADD COLUMN owners BIGINT NOT NULL DEFAULT 0;
UPDATE record_totals SET owners = (SELECT count(*) FROM record_counts c
    WHERE c.workspace_id = record_totals.workspace_id AND c.entity = record_totals.entity AND c.n > 0);
