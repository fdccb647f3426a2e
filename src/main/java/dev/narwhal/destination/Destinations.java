package dev.narwhal.destination;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All configured destinations by name. The server stores the name with each delivery. So the settings must keep a name as
 * long as files are delivered to that destination or read from it.
 */
public final class Destinations implements AutoCloseable {

    /** The destination of {@code narwhal.destination}. It receives each file that no delivery rule sends elsewhere. */
    public static final String DEFAULT = "default";

    private final SortedMap<String, Destination> byName;

    /** @throws IllegalArgumentException when no destination has the name {@link #DEFAULT} */
    public Destinations(Map<String, Destination> byName) {
        this.byName = new TreeMap<>(byName);
        if (!byName.containsKey(DEFAULT)) {
            throw new IllegalArgumentException("There must be a destination with the name '" + DEFAULT + "'");
        }
    }

    /** Empty when the settings have no destination of this name (any more). */
    public Optional<Destination> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** In alphabetical order. */
    public SortedSet<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /** A description for people: the default destination, then the others with their names. */
    public String describe() {
        String main = find(DEFAULT).orElseThrow().describe();
        String others = byName.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(DEFAULT))
                .map(entry -> entry.getKey() + ": " + entry.getValue().describe())
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? main : main + " (" + others + ")";
    }

    /** Closes all destinations. Requests in flight end soon. May be called more than once. */
    @Override
    public void close() {
        byName.values().forEach(Destination::close);
    }
}
