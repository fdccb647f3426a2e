package dev.narwhal.access;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Remembers what was found for a few seconds. One request at a time looks again, while the others go on with what is known:
 * a thousand requests that come together cost one statement. What was not found is not remembered, so that a guesser cannot
 * fill the memory.
 */
final class ShortCache<V> {

    private static final long FRESH = TimeUnit.SECONDS.toNanos(2);

    /** With the second in which running bodies are looked at it stays below five. */
    private static final long OLDEST = TimeUnit.SECONDS.toNanos(3);

    private static final int MOST = 20_000;

    private final Map<String, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Function<String, Optional<V>> source;

    ShortCache(Function<String, Optional<V>> source) {
        this.source = source;
    }

    private record Entry<V>(V value, long readAt, AtomicBoolean refreshing) {

        long age() {
            return System.nanoTime() - readAt;
        }

        boolean isUsable() {
            long age = age();
            return age < FRESH || (age < OLDEST && !refreshing.compareAndSet(false, true));
        }
    }

    Optional<V> get(String name) {
        Entry<V> known = entries.get(name);
        return known != null && known.isUsable() ? Optional.of(known.value()) : read(name);
    }

    private Optional<V> read(String name) {
        long now = System.nanoTime();
        Optional<V> found = source.apply(name);
        if (found.isEmpty()) {
            entries.remove(name);
        } else {
            if (entries.size() >= MOST) {
                entries.clear();
            }
            entries.put(name, new Entry<>(found.get(), now, new AtomicBoolean()));
        }
        return found;
    }

    void forgetAll() {
        entries.clear();
    }

    void forget(String name) {
        entries.remove(name);
    }
}
