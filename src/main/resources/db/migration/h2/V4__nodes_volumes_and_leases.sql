-- Fencing tokens of leases: each is given once, and none that a row has already.
create sequence lease_token start with (select coalesce(max(lease_token), 0) + 1 from upload);

-- A process has a number of its own, larger than that of every process before it.
create sequence node_incarnation;

-- Which process owns a staging volume. The heartbeat is moved by its owner and by nobody else: whoever else finds that it moves
-- has a copy of the volume.
create table volume (
    id          varchar(32) primary key,
    node_id     varchar not null,
    incarnation bigint not null,
    pid         bigint not null,
    boot_id     varchar,
    lock_device bigint,
    lock_inode  bigint,
    heartbeat   bigint not null,
    held        boolean not null,
    taken_at    timestamp(6) with time zone not null,
    constraint volume_lock_is_whole check ((lock_device is null) = (lock_inode is null))
);
