package dev.narwhal.staging;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Remembers a limited number of the most recently added names. Safe for any number of threads. */
final class RecentNames {

    private final Set<String> names;

    RecentNames(int most) {
        names = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
            }
        }));
    }

    void add(String name) {
        names.add(name);
    }

    /** True when it was there. */
    boolean remove(String name) {
        return names.remove(name);
    }

    boolean contains(String name) {
        return names.contains(name);
    }
}
