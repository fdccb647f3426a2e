-- How far a database is, for the volume whose rows it has: the volume remembers the largest count that it has seen. A database with a
-- smaller one was restored from a backup, and lacks the rows of files that are good.
create table database_age (
    volume varchar(32) primary key,
    age    bigint not null
);
