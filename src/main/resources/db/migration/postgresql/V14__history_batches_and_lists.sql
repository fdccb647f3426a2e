-- For lists, together with the index of the open ones: uploads that are over, by age. An advance of an offset changes none of these
-- columns.
create index upload_over_idx on upload (state, volume, created_at, id) where state in ('DELIVERED', 'EXPIRED', 'TERMINATED');

-- The uploads of an owner by age; where access is open they have none.
create index upload_owner_idx on upload (owner, created_at, id) where owner <> '';

-- What has happened to an upload beside what its own columns say: one that goes straight through has no row here. A row goes with its
-- upload's.
create table upload_history (
    upload_id   varchar(32) not null references upload (id) on delete cascade,
    number      int         not null,
    event       varchar(32) not null,
    happened_at timestamptz not null,
    "offset"    bigint,
    detail      varchar(1000),
    actor       varchar,
    resumed_at  timestamptz,
    primary key (upload_id, number)
);

-- Uploads that belong together by their clients' choice. A table of its own, so that all others pay nothing for its indexes.
create table upload_batch (
    upload_id  varchar(32) primary key references upload (id) on delete cascade,
    owner      varchar      not null,
    batch      varchar(128) not null,
    created_at timestamptz not null
);

create index upload_batch_members_idx on upload_batch (owner, batch, created_at, upload_id);
create index upload_batch_recent_idx on upload_batch (owner, created_at, upload_id);
