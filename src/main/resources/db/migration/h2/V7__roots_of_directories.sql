-- Directories that finished files go to, and the marker that each has in its root: a directory without it is not the one that it
-- was, since its disk is not mounted. The volume tells which server remembers it.
create table destination_root (
    path   varchar     not null,
    volume varchar     not null,
    marker varchar(64) not null,
    primary key (path, volume)
);

-- Servers that have used their directories before there were markers: these may get one although another server has one already at
-- the same path of its own disk.
create table volume_before_markers (
    volume varchar primary key
);

insert into volume_before_markers (volume) select distinct volume from upload;
