-- Directories that finished files go to, and the marker that each has in its root: a directory without it is not the one that it
-- was, since its disk is not mounted.
create table destination_root (
    path   varchar primary key,
    marker varchar(64) not null
);
