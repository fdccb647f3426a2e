package dev.narwhal.client.transfer;

import java.net.URI;
import java.time.Duration;

/**
 * A file that is on the server.
 *
 * @param size of the file, in bytes
 * @param sent of it now; the rest was there before
 */
public record TransferReport(URI url, long size, long sent, Duration time) {

    public boolean continuedEarlierRun() {
        return sent < size;
    }

    public double bytesPerSecond() {
        // A millisecond at least: an empty or tiny file has a speed that can be printed.
        return sent * 1000.0 / Math.max(1, time.toMillis());
    }
}
