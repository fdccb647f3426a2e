package dev.narwhal.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.narwhal.http.HeapShares;
import dev.narwhal.http.HttpProperties;
import dev.narwhal.startup.InspectedSettings;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/** Compares the number of files and connections that the process may open with the connections that it would accept. */
final class DescriptorCheck implements Doctor.Check {

    private static final String CHECK = "descriptors";

    /** Descriptors for libraries, the database and deliveries. */
    private static final long OTHERS = 500;

    private final InspectedSettings settings;

    DescriptorCheck(InspectedSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Finding> findings() {
        Optional<Long> connections = connections();
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        && connections.isPresent()
                ? List.of(compare(system.getMaxFileDescriptorCount(), connections.get()))
                : List.of();
    }

    /** Empty when a setting is wrong, which another check reports. */
    private Optional<Long> connections() {
        String set = settings.environment().getProperty("server.tomcat.max-connections");
        try {
            return set == null
                    ? settings.bind(HttpProperties.class)
                            .map(http -> (long) HeapShares.of(http).connections())
                    : Optional.of(Long.valueOf(set.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A connection has a socket, and its body a file. */
    static Finding compare(long limit, long connections) {
        long needed = 2 * connections + OTHERS;
        String text = limit + " files and connections may be open; " + connections
                + " connections, each with a body, need " + needed;
        return limit < needed
                ? Finding.warn(
                        CHECK,
                        text,
                        "Raise the limit (ulimit -n, LimitNOFILE of a unit), or lower server.tomcat.max-connections: without"
                                + " descriptors requests are answered 503 and connections wait.")
                : Finding.ok(CHECK, text);
    }
}
