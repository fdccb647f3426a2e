package dev.narwhal.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to measure.
 *
 * @param jar the server
 * @param scratch a directory on the disk to measure
 * @param size bytes of the file
 * @param endpoint the store; null for one that is started here
 * @param bytesPerSecond of the client's line to Narwhal; 0 for all that the machine gives
 * @param programs other uploaders straight to the store, commands for a shell
 * @param variants one server each: its jar, where it is another one, and settings, separated by spaces; "" for the defaults
 * @param java options of the servers' JVM
 */
record Arguments(
        Path jar,
        Path scratch,
        long size,
        int rounds,
        int warmUps,
        URI endpoint,
        String accessKey,
        String secretKey,
        String bucket,
        long bytesPerSecond,
        List<String> programs,
        List<String> variants,
        List<String> java) {

    private static final long MIB = 1L << 20;
    private static final long BYTES_PER_MBIT = 125_000;

    private static final Set<String> NAMES = Set.of(
            "jar",
            "scratch",
            "mib",
            "rounds",
            "warm-ups",
            "endpoint",
            "access-key",
            "secret-key",
            "bucket",
            "mbit",
            "program",
            "variant",
            "java");

    static Arguments of(String[] args) {
        Given given = Given.of(args);
        String endpoint = given.last("endpoint", "");
        List<String> variants = given.all("variant").stream().map(String::strip).toList();
        return new Arguments(
                Path.of(given.last("jar", System.getProperty("bench.jar", "target/narwhal.jar"))),
                Path.of(given.last("scratch", System.getProperty("java.io.tmpdir"))),
                Long.parseLong(given.last("mib", "1024")) * MIB,
                Integer.parseInt(given.last("rounds", "3")),
                Integer.parseInt(given.last("warm-ups", "1")),
                endpoint.isEmpty() ? null : URI.create(endpoint),
                given.last("access-key", "access"),
                given.last("secret-key", "secret"),
                given.last("bucket", "bench"),
                Long.parseLong(given.last("mbit", "0")) * BYTES_PER_MBIT,
                given.all("program"),
                variants.isEmpty() ? List.of("") : variants,
                given.all("java"));
    }

    /** The values of each name, in their order. */
    private record Given(Map<String, List<String>> values) {

        static Given of(String[] args) {
            Map<String, List<String>> values = new HashMap<>();
            for (String arg : args) {
                int equals = arg.indexOf('=');
                String name = arg.substring(0, Math.max(equals, 0));
                if (!NAMES.contains(name)) {
                    throw new IllegalArgumentException("Not known: " + arg);
                }
                values.computeIfAbsent(name, unused -> new ArrayList<>()).add(arg.substring(equals + 1));
            }
            return new Given(values);
        }

        String last(String name, String otherwise) {
            List<String> all = all(name);
            return all.isEmpty() ? otherwise : all.getLast();
        }

        List<String> all(String name) {
            return List.copyOf(values.getOrDefault(name, List.of()));
        }
    }
}
