package dev.narwhal.batch;

import java.time.Instant;

/** @param lastCreatedAt when the latest upload of the batch was created */
public record RecentBatch(String batch, Instant lastCreatedAt) {}
