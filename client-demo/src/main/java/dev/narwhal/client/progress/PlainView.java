package dev.narwhal.client.progress;

import dev.narwhal.client.transfer.TransferView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whole lines for logs and pipes: one at most every {@link #INTERVAL} of sending, and none while nothing moves. Thread-safe.
 */
public final class PlainView implements TransferView {

    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final LongSupplier nanos;
    private final String name;
    private final long size;
    private final SpeedMeter speed;
    private long printedAt;
    private long printedPosition;
    private boolean closed;

    public PlainView(PrintWriter out, LongSupplier nanos, String name, long size) {
        this.out = out;
        this.nanos = nanos;
        this.name = Units.printable(name);
        this.size = size;
        this.speed = new SpeedMeter(nanos.getAsLong(), 0);
        printedAt = nanos.getAsLong();
    }

    @Override
    public synchronized void continuesAt(long offset) {
        printedAt = nanos.getAsLong();
        speed.startSample(printedAt, offset);
    }

    @Override
    public synchronized void reaches(long position) {
        long now = nanos.getAsLong();
        speed.sample(now, position);
        if (now - printedAt >= INTERVAL.toNanos() && position != printedPosition) {
            printedAt = now;
            printedPosition = position;
            print(line(position));
        }
    }

    @Override
    public synchronized void says(String sentence) {
        print(sentence);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private String line(long position) {
        return Units.percent(position, size) + " %, " + Units.bytes(position) + " of " + Units.bytes(size) + ", "
                + Units.speed(speed.bytesPerSecond())
                + speed.timeFor(size - position)
                        .map(left -> ", " + Units.duration(left) + " left")
                        .orElse("");
    }

    private void print(String text) {
        if (!closed) {
            out.println(name + ": " + text);
            out.flush();
        }
    }
}
