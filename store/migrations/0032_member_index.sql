-- The index by which members are found by a part of their name, address or alias.
{member_index};
