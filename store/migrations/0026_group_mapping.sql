-- Which roles and teams the groups of a provider give, and to whom they gave what.
ALTER TABLE connections ADD COLUMN group_mapping {text};
-- The groups that the provider last sent, for previews of another mapping.
ALTER TABLE identities ADD COLUMN known_groups {text};
ALTER TABLE identities ADD COLUMN given {text};
