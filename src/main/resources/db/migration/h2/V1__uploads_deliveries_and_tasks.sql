-- Uploads: one row each, changed by compare-and-set only.
create table upload (
    id           varchar(32) primary key,
    owner        varchar     not null,
    kind         varchar(16) not null,
    length       bigint,
    "offset"     bigint      not null,
    metadata     varchar,
    filename     varchar,
    content_type varchar,
    state        varchar(16) not null,
    created_at   timestamp(6) with time zone not null,
    updated_at   timestamp(6) with time zone not null,
    finished_at  timestamp(6) with time zone,
    expires_at   timestamp(6) with time zone,
    volume       varchar     not null,
    lease_token  bigint      not null,
    concat       varchar,
    constraint upload_id_is_one check (char_length(id) = 32),
    constraint upload_kind_is_known check (kind in ('WHOLE', 'PARTIAL', 'FINAL')),
    constraint upload_state_is_known
        check (state in ('RECEIVING', 'FINISHED', 'DELIVERED', 'FAILED', 'EXPIRED', 'TERMINATED')),
    constraint upload_offset_fits check ("offset" >= 0 and (length is null or "offset" <= length)),
    constraint upload_finished_is_whole
        check (state not in ('FINISHED', 'DELIVERED', 'FAILED')
               or (length is not null and "offset" = length and finished_at is not null))
);

-- The ordered partials of a final upload. A partial that a final names cannot be removed before the final.
create table upload_part (
    final_id   varchar(32) not null references upload (id) on delete cascade,
    position   int         not null,
    partial_id varchar(32) not null references upload (id),
    primary key (final_id, position),
    constraint upload_part_position_counts check (position >= 0)
);

create index upload_part_partial_id_idx on upload_part (partial_id);

-- Where an upload is delivered to, and how far that is. The upload's row cannot go before this one.
create table delivery (
    upload_id     varchar(32) primary key references upload (id),
    destination   varchar     not null,
    object_key    varchar,
    multipart_id  varchar,
    part_size     bigint,
    part_count    int,
    status        varchar(32) not null,
    attempt_token bigint      not null default 0,
    attempts      int         not null default 0,
    last_error    varchar,
    checksum      varchar,
    checksum_kind varchar(64),
    sha256        varchar(64),
    created_at    timestamp(6) with time zone not null,
    updated_at    timestamp(6) with time zone not null,
    delivered_at  timestamp(6) with time zone,
    constraint delivery_plan_is_whole check ((part_size is null) = (part_count is null)),
    constraint delivery_plan_is_possible check (part_size > 0 and part_count >= 0),
    constraint delivery_counts check (attempt_token >= 0 and attempts >= 0)
);

-- Operators look for what is not delivered.
create index delivery_open_idx on delivery (destination, status, delivered_at);

create table delivery_part (
    upload_id varchar(32) not null references delivery (upload_id) on delete cascade,
    number    int         not null,
    size      bigint      not null,
    etag      varchar,
    checksum  varchar,
    primary key (upload_id, number),
    constraint delivery_part_is_possible check (number >= 1 and size >= 0)
);

-- db-scheduler's own table, as its version 16 documents it. The data is not a blob: H2 reads those lazily, and fails when
-- the row has changed meanwhile.
create table scheduled_tasks (
    task_name            varchar(100) not null,
    task_instance        varchar(250) not null,
    task_data            varbinary,
    execution_time       timestamp(6) with time zone not null,
    picked               boolean     not null,
    picked_by            varchar(250),
    last_success         timestamp(6) with time zone,
    last_failure         timestamp(6) with time zone,
    consecutive_failures int,
    last_heartbeat       timestamp(6) with time zone,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);

create index execution_time_idx on scheduled_tasks (execution_time);
create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
create index priority_execution_time_idx on scheduled_tasks (priority desc, execution_time asc);
