-- How uploads have gone, added up by hours and days in UTC. The rows of everybody have an empty owner; other rows are an owner's.
create table statistics (
    span varchar(4) not null,
    everybody boolean not null,
    owner varchar not null,
    start_at timestamp(6) with time zone not null,
    created bigint not null default 0,
    finished bigint not null default 0,
    delivered bigint not null default 0,
    failed bigint not null default 0,
    expired bigint not null default 0,
    terminated bigint not null default 0,
    received_bytes bigint not null default 0,
    delivered_bytes bigint not null default 0,
    timed_bytes bigint not null default 0,
    timed_millis bigint not null default 0,
    size_0 bigint not null default 0,
    size_1 bigint not null default 0,
    size_2 bigint not null default 0,
    size_3 bigint not null default 0,
    size_4 bigint not null default 0,
    size_5 bigint not null default 0,
    size_6 bigint not null default 0,
    size_7 bigint not null default 0,
    size_8 bigint not null default 0,
    size_9 bigint not null default 0,
    primary key (span, everybody, owner, start_at)
);

-- For the end of hours, and for the number of owners in one.
create index statistics_start_idx on statistics (span, start_at);

-- Up to which creation the uploads of a volume are counted, in the order of their creation.
create table statistics_cursor (
    volume varchar(32) primary key,
    created_at timestamp(6) with time zone not null,
    upload_id varchar(32) not null
);

-- Counted uploads that have not ended, and what of them is counted.
create table statistics_open (
    volume varchar(32) not null,
    upload_id varchar(32) not null,
    finished boolean not null,
    failed_at timestamp(6) with time zone,
    primary key (volume, upload_id)
);

-- Uploads that the cursor will not meet: added behind it, or removed before it came. A removed one brings its last row.
create table statistics_missed (
    volume varchar(32) not null,
    upload_id varchar(32) not null,
    created boolean not null,
    finished boolean not null,
    failed_at timestamp(6) with time zone,
    owner varchar,
    kind varchar(16),
    "offset" bigint,
    state varchar(16),
    created_at timestamp(6) with time zone not null,
    updated_at timestamp(6) with time zone,
    finished_at timestamp(6) with time zone,
    primary key (volume, upload_id)
);
