package dev.narwhal.staging;

import java.util.concurrent.Executor;

/**
 * Resources that all bodies of a store share.
 *
 * @param segments buffers
 * @param space free space
 * @param tuning thresholds and sizes for writing a body
 * @param writers threads that write and sync in the background
 */
record AppendResources(SegmentSource segments, SpaceBudget space, StagingTuning tuning, Executor writers) {}
