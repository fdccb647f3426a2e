package dev.narwhal.destination;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A journal in memory that says no when it is told to. */
public class MemoryJournal implements DeliveryJournal {

    public final List<String> handles = new ArrayList<>();
    private @Nullable String handle;
    private final TreeMap<Integer, SentPart> parts = new TreeMap<>();
    private @Nullable String key;
    private boolean active = true;
    private int partsUntilDisplaced = Integer.MAX_VALUE;
    private boolean beginRefused;
    private boolean completionRefused;

    public MemoryJournal displacedAfterParts(int count) {
        partsUntilDisplaced = count;
        return this;
    }

    public MemoryJournal refusingBegin() {
        beginRefused = true;
        return this;
    }

    public MemoryJournal refusingCompletion() {
        completionRefused = true;
        return this;
    }

    /** What the next attempt finds: the same memory, and nobody who says no. */
    public synchronized MemoryJournal nextAttempt() {
        MemoryJournal next = new MemoryJournal();
        next.handle = handle;
        next.parts.putAll(parts);
        next.key = key;
        next.handles.addAll(handles);
        return next;
    }

    public synchronized void forgetPart(int number) {
        parts.remove(number);
    }

    public synchronized @Nullable String key() {
        return key;
    }

    @Override
    public synchronized Optional<String> handle() {
        return Optional.ofNullable(handle);
    }

    @Override
    public synchronized List<SentPart> parts() {
        return List.copyOf(parts.values());
    }

    @Override
    public synchronized boolean isActive() {
        return active;
    }

    @Override
    public synchronized boolean begun(String newHandle) {
        handles.add(newHandle);
        if (beginRefused) {
            return false;
        }
        handle = newHandle;
        parts.clear();
        return active;
    }

    @Override
    public synchronized boolean sent(SentPart part) {
        if (parts.size() >= partsUntilDisplaced) {
            active = false;
        }
        if (active) {
            parts.put(part.number(), part);
        }
        return active;
    }

    @Override
    public synchronized boolean rekeyed(String newKey) {
        key = newKey;
        handle = null;
        parts.clear();
        return active;
    }

    @Override
    public synchronized boolean completing(@Nullable String newHandle) {
        if (completionRefused) {
            return false;
        }
        if (newHandle != null) {
            handle = newHandle;
        }
        return active;
    }

    @Override
    public synchronized boolean linking(Handle linked) throws IOException {
        return completing(linked.read());
    }
}
