-- Which process is delivering an upload without a task of the scheduler, and until when the others leave the upload to it. Both are
-- null for a delivery that has a task, or needs none any more.
alter table delivery add column taken_by bigint;
alter table delivery add column taken_until timestamptz;

-- No statement orders tasks by their priority.
drop index priority_execution_time_idx;
