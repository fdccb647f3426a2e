package dev.narwhal.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/**
 * A queue in which owners take turns: one owner's first element goes before another owner's second. Keeps the order of each
 * owner's elements. Not safe for several threads.
 */
final class TurnQueue<T> {

    private final LinkedHashMap<String, ArrayDeque<T>> byOwner = new LinkedHashMap<>();
    private int size;

    void add(String owner, T element) {
        byOwner.computeIfAbsent(owner, unused -> new ArrayDeque<>()).add(element);
        size++;
    }

    /** Takes the next elements, at most {@code most}; fewer when the queue has no more. */
    List<T> take(int most) {
        List<T> taken = new ArrayList<>();
        while (taken.size() < most && !byOwner.isEmpty()) {
            String owner = byOwner.firstEntry().getKey();
            ArrayDeque<T> own = Objects.requireNonNull(byOwner.remove(owner));
            do {
                taken.add(own.remove());
            } while (byOwner.isEmpty() && taken.size() < most && !own.isEmpty());
            if (!own.isEmpty()) {
                // Behind the others, for its next turn.
                byOwner.put(owner, own);
            }
        }
        size -= taken.size();
        return taken;
    }

    int size() {
        return size;
    }
}
