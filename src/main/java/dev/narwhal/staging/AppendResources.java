package dev.narwhal.staging;

import java.util.concurrent.Executor;

/**
 * What all bodies of a store share.
 *
 * @param segments buffers
 * @param space free space
 * @param tuning what decides how a body is written
 * @param writers threads that write and sync behind bodies
 */
record AppendResources(SegmentSource segments, SpaceGuard space, StagingTuning tuning, Executor writers) {}
