-- When the sweep looks at an upload next; null once there is nothing left for it to do. Set with the row, not moved when
-- the offset moves, so that the index costs an advance nothing: the sweep itself puts it off when it finds that the upload
-- expires later.
alter table upload add column sweep_at timestamptz;

-- Of the terminated ones the sweep removes what a crash in the middle of a DELETE may have left, once.
update upload set sweep_at = expires_at where state in ('RECEIVING', 'FINISHED');
update upload set sweep_at = updated_at where state in ('EXPIRED', 'TERMINATED');

create index upload_sweep_idx on upload (volume, sweep_at) where sweep_at is not null;
