package dev.narwhal.client.progress;

import dev.narwhal.client.transfer.TransferView;
import java.io.PrintWriter;

/** No progress; breaks are still told. */
public final class SilentView implements TransferView {

    private final PrintWriter err;
    private final String name;
    private boolean closed;

    public SilentView(PrintWriter err, String name) {
        this.err = err;
        this.name = Units.printable(name);
    }

    @Override
    public void continuesAt(long offset) {}

    @Override
    public void reaches(long position) {}

    @Override
    public synchronized void says(String sentence) {
        if (!closed) {
            err.println(name + ": " + Units.printable(sentence));
            err.flush();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
