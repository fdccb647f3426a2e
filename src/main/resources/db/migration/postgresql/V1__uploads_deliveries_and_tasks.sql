-- Uploads: one row each, changed by compare-and-set only. Room is left in each page so that the many changes of one
-- upload's offset stay in its page and touch no index: nothing that changes with the offset is indexed.
create table upload (
    id           varchar(32) primary key,
    owner        text        not null,
    kind         varchar(16) not null,
    length       bigint,
    "offset"     bigint      not null,
    metadata     text,
    filename     text,
    content_type text,
    state        varchar(16) not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    finished_at  timestamptz,
    expires_at   timestamptz,
    volume       text        not null,
    lease_token  bigint      not null,
    concat       text,
    constraint upload_id_is_one check (char_length(id) = 32),
    constraint upload_kind_is_known check (kind in ('WHOLE', 'PARTIAL', 'FINAL')),
    constraint upload_state_is_known
        check (state in ('RECEIVING', 'FINISHED', 'DELIVERED', 'FAILED', 'EXPIRED', 'TERMINATED')),
    constraint upload_offset_fits check ("offset" >= 0 and (length is null or "offset" <= length)),
    constraint upload_finished_is_whole
        check (state not in ('FINISHED', 'DELIVERED', 'FAILED')
               or (length is not null and "offset" = length and finished_at is not null))
) with (fillfactor = 70);

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
    destination   text        not null,
    object_key    text,
    multipart_id  text,
    part_size     bigint,
    part_count    int,
    status        varchar(32) not null,
    attempt_token bigint      not null default 0,
    attempts      int         not null default 0,
    last_error    text,
    checksum      text,
    checksum_kind varchar(64),
    sha256        varchar(64),
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    delivered_at  timestamptz,
    constraint delivery_plan_is_whole check ((part_size is null) = (part_count is null)),
    constraint delivery_plan_is_possible check (part_size > 0 and part_count >= 0),
    constraint delivery_counts check (attempt_token >= 0 and attempts >= 0)
);

-- Operators look for what is not delivered; the many delivered rows stay out of the index.
create index delivery_open_idx on delivery (destination, status) where delivered_at is null;

create table delivery_part (
    upload_id varchar(32) not null references delivery (upload_id) on delete cascade,
    number    int         not null,
    size      bigint      not null,
    etag      text,
    checksum  text,
    primary key (upload_id, number),
    constraint delivery_part_is_possible check (number >= 1 and size >= 0)
);

-- db-scheduler's own table, as its version 16 documents it.
create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);

create index execution_time_idx on scheduled_tasks (execution_time);
create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
create index priority_execution_time_idx on scheduled_tasks (priority desc, execution_time asc);
