-- An index by random ids has every commit write pages all over the file; by age it grows at its end. An advance of an offset
-- changes none of these columns.
drop index upload_open_idx;
create index upload_open_idx on upload (state, volume, created_at, id) where state in ('RECEIVING', 'FINISHED', 'FAILED');
