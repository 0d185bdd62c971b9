-- The numbers of record types in the index of search. On a server they come from a sequence: a row with the
-- last one would be locked until the transaction ends that has taken a number, and every other workspace
-- would wait for it.
{search_scope_numbers};
