-- What is in use, against the limits: one row for each owner and one for each key. A number may exceed a bigint, where nothing is limited:
-- a client may declare any length.
create table usage (
    scope   varchar(8)  not null,
    subject text        not null,
    staged  numeric(38) not null,
    active  bigint      not null,
    primary key (scope, subject),
    constraint usage_scope_is_known check (scope in ('OWNER', 'KEY'))
);
