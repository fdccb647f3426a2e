-- Every delivery changed this index, and the statements that run by themselves find open deliveries by their uploads, which have an
-- index of the open ones already. Only the operators' list, which also shows tombstones, reads the table.
drop index delivery_open_idx;
