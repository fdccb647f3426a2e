package dev.narwhal.doctor;

import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.SentPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the journal of the doctor's one delivery in memory. No other attempt takes it over, and nobody cancels it. */
final class ProbeJournal implements DeliveryJournal {

    private @Nullable String handle;
    private final List<SentPart> parts = new ArrayList<>();

    @Override
    public synchronized Optional<String> handle() {
        return Optional.ofNullable(handle);
    }

    @Override
    public synchronized List<SentPart> parts() {
        return List.copyOf(parts);
    }

    @Override
    public boolean isActive() {
        return true;
    }

    @Override
    public synchronized boolean begun(String newHandle) {
        handle = newHandle;
        parts.clear();
        return true;
    }

    @Override
    public synchronized boolean sent(SentPart part) {
        return parts.add(part);
    }

    @Override
    public synchronized boolean rekeyed(String key) {
        handle = null;
        parts.clear();
        return true;
    }

    @Override
    public synchronized boolean completing(@Nullable String newHandle) {
        if (newHandle != null) {
            handle = newHandle;
        }
        return true;
    }

    @Override
    public boolean linking(Handle linked) throws IOException {
        return completing(linked.read());
    }
}
