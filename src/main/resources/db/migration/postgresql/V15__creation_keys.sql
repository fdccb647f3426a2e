-- Which upload a creation with a key of its client's choice has made: the same creation again, whose answer was lost, finds it. The
-- fingerprint tells another creation with the same key.
create table creation_key (
    scope       varchar      not null,
    name        varchar(300) not null,
    fingerprint varchar(64)  not null,
    upload_id   varchar(32)  not null references upload (id) on delete cascade,
    expires_at  timestamp(6) with time zone not null,
    primary key (scope, name)
);

create index creation_key_expiry_idx on creation_key (expires_at);
create index creation_key_upload_idx on creation_key (upload_id);
