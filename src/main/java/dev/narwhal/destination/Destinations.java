package dev.narwhal.destination;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All places that finished files may go to, by their names. A name is stored with each delivery, so it must stay for as long
 * as something is to be delivered there or read from there.
 */
public final class Destinations implements AutoCloseable {

    /** The one that {@code narwhal.destination} describes: where everything goes that no rule sends elsewhere. */
    public static final String DEFAULT = "default";

    private final SortedMap<String, Destination> byName;

    /** @throws IllegalArgumentException when none has the name {@link #DEFAULT} */
    public Destinations(Map<String, Destination> byName) {
        this.byName = new TreeMap<>(byName);
        if (!byName.containsKey(DEFAULT)) {
            throw new IllegalArgumentException("There must be a destination with the name '" + DEFAULT + "'");
        }
    }

    /** Empty when the settings do not name it (any more). */
    public Optional<Destination> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** In alphabetical order. */
    public SortedSet<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /** For people: the default one, and the others after it with their names. */
    public String describe() {
        String main = find(DEFAULT).orElseThrow().describe();
        String others = byName.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(DEFAULT))
                .map(entry -> entry.getKey() + ": " + entry.getValue().describe())
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? main : main + " (" + others + ")";
    }

    /** Closes each of them: what is in flight ends soon. May be called more than once. */
    @Override
    public void close() {
        byName.values().forEach(Destination::close);
    }
}
