package dev.narwhal.client.progress;

import dev.narwhal.client.transfer.TransferView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * One line on a terminal, drawn over itself a few times a second, narrower than 80 columns. Sentences go above it.
 * Thread-safe: the notice of a Ctrl-C comes from another thread.
 */
public final class BarView implements TransferView {

    private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();
    private static final int NAME_COLUMNS = 16;
    private static final int BAR_COLUMNS = 12;

    private final PrintWriter out;
    private final LongSupplier nanos;
    private final String name;
    private final long size;
    private final SpeedMeter speed;
    private long position;
    private long drawnAt;
    private int drawnColumns;
    private boolean closed;

    public BarView(PrintWriter out, LongSupplier nanos, String name, long size) {
        this.out = out;
        this.nanos = nanos;
        this.name = shortened(Units.printable(name));
        this.size = size;
        this.speed = new SpeedMeter(nanos.getAsLong(), 0);
        drawnAt = nanos.getAsLong() - REDRAW_NANOS;
    }

    @Override
    public synchronized void continuesAt(long offset) {
        position = offset;
        speed.startSample(nanos.getAsLong(), offset);
    }

    @Override
    public synchronized void reaches(long newPosition) {
        long now = nanos.getAsLong();
        speed.sample(now, newPosition);
        position = newPosition;
        if (!closed && (now - drawnAt >= REDRAW_NANOS || position == size)) {
            drawnAt = now;
            draw(line());
        }
    }

    @Override
    public synchronized void says(String sentence) {
        if (!closed) {
            erase();
            out.println(name.strip() + ": " + sentence);
            draw(line());
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            erase();
            out.flush();
        }
    }

    private String line() {
        int filled = (int) (size == 0 ? BAR_COLUMNS : BAR_COLUMNS * ((double) position / size));
        return String.format(
                Locale.ROOT,
                "%s %3d%% [%s%s] %s/%s %s %s",
                name,
                Units.percent(position, size),
                "#".repeat(filled),
                "-".repeat(BAR_COLUMNS - filled),
                Units.bytes(position).replace(" ", ""),
                Units.bytes(size).replace(" ", ""),
                Units.speed(speed.bytesPerSecond()),
                speed.timeFor(size - position)
                        .map(left -> Units.clock(left) + " left")
                        .orElse(""));
    }

    private void draw(String line) {
        // Padding instead of an escape sequence: understood by every terminal.
        out.print('\r' + line + " ".repeat(Math.max(0, drawnColumns - line.length())));
        out.flush();
        drawnColumns = line.length();
    }

    private void erase() {
        out.print('\r' + " ".repeat(drawnColumns) + '\r');
        drawnColumns = 0;
    }

    private static String shortened(String name) {
        String text = name.length() <= NAME_COLUMNS ? name : name.substring(0, NAME_COLUMNS - 2) + "..";
        return text + " ".repeat(NAME_COLUMNS - text.length());
    }
}
