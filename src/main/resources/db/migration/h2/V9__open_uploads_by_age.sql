-- An index by random ids has every commit write pages all over the file; by age it grows at its end.
drop index upload_open_idx;
create index upload_open_idx on upload (state, volume, created_at, id);
