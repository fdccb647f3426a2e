-- Rows of uploads that are over go after a while: the sweep looks at them, and says when to look again.
update upload set sweep_at = updated_at where state in ('DELIVERED', 'EXPIRED', 'TERMINATED') and sweep_at is null;

-- For what looks at the uploads that are not over, however many are. An advance of an offset changes none of these columns.
create index upload_open_idx on upload (state, volume, id) where state in ('RECEIVING', 'FINISHED', 'FAILED');
