-- Which key or upload URL has created an upload, the object's key that it was given, and the seconds after its last byte at which it
-- expires. Null where nobody said so: the settings decide.
alter table upload add column credential varchar(64);
alter table upload add column object_key varchar;
alter table upload add column expire_after bigint;

-- When the first bytes were recorded; null before, and for uploads that are older than this column.
alter table upload add column first_byte_at timestamp(6) with time zone;

-- Keys of the API and of clients. The secrets are stored as SHA-256. The limits are a JSON object.
create table api_key (
    id             varchar(16) primary key,
    owner          varchar     not null,
    scopes         varchar     not null,
    limits         varchar,
    secret_hash    varchar(64) not null,
    previous_hash  varchar(64),
    previous_until timestamp(6) with time zone,
    created_at     timestamp(6) with time zone not null,
    created_by     varchar     not null,
    expires_at     timestamp(6) with time zone,
    revoked_at     timestamp(6) with time zone,
    constraint api_key_previous_is_whole check ((previous_hash is null) = (previous_until is null))
);

-- Upload URLs: each opens the creation of uploads, and what it has created.
create table upload_url (
    id           varchar(16) primary key,
    token_hash   varchar(64) not null unique,
    second_hash  varchar(64) unique,
    owner        varchar     not null,
    issuer       varchar(64),
    created_at   timestamp(6) with time zone not null,
    created_by   varchar     not null,
    start_by     timestamp(6) with time zone not null,
    idle_at_most bigint,
    max_size     bigint,
    types        varchar,
    max_uses     int,
    uses         int         not null default 0,
    partials     int         not null default 0,
    metadata     varchar,
    object_key   varchar,
    origin       varchar,
    may_read     boolean     not null,
    upload_id    varchar(32),
    revoked_at   timestamp(6) with time zone,
    constraint upload_url_counts check (uses >= 0 and partials >= 0 and (max_uses is null or max_uses >= 0))
);

create index upload_url_owner_idx on upload_url (owner, created_at, id);
