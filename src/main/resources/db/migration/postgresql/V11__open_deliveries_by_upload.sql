-- Every delivery changed this index three times, and every statement finds open deliveries by their uploads, which have an index of
-- the open ones already.
drop index delivery_open_idx;
