-- Every delivery changed this index three times, and all statements find open deliveries by their uploads, which have an index of
-- the open ones already.
drop index delivery_open_idx;
