package dev.narwhal.ingest;

/** Measures one body. Only the thread that reads the body may use it. */
final class BodyMeter {

    private final IngestMetrics metrics;
    private final long began;
    private long bytes;

    BodyMeter(IngestMetrics metrics, long began) {
        this.metrics = metrics;
        this.began = began;
    }

    void received(int more) {
        if (bytes == 0) {
            metrics.firstByteAfter(System.nanoTime() - began);
        }
        bytes += more;
        metrics.received(more);
    }

    void acknowledged() {
        metrics.acknowledged(System.nanoTime() - began);
    }

    /** @param recorded how many of the body's bytes the row counts */
    void broken(BodyLoss reason, long recorded) {
        metrics.broken(reason, Math.max(0, bytes - recorded));
    }
}
