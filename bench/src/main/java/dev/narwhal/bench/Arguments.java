package dev.narwhal.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    static Arguments of(String[] args) {
        Path jar = Path.of(System.getProperty("bench.jar", "target/narwhal.jar"));
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        long size = 1024 * MIB;
        int rounds = 3;
        int warmUps = 1;
        URI endpoint = null;
        String access = "access";
        String secret = "secret";
        String bucket = "bench";
        long bytesPerSecond = 0;
        List<String> programs = new ArrayList<>();
        List<String> variants = new ArrayList<>();
        List<String> java = new ArrayList<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            String value = arg.substring(equals + 1);
            switch (arg.substring(0, Math.max(equals, 0))) {
                case "jar" -> jar = Path.of(value);
                case "scratch" -> scratch = Path.of(value);
                case "mib" -> size = Long.parseLong(value) * MIB;
                case "rounds" -> rounds = Integer.parseInt(value);
                case "warm-ups" -> warmUps = Integer.parseInt(value);
                case "endpoint" -> endpoint = URI.create(value);
                case "access-key" -> access = value;
                case "secret-key" -> secret = value;
                case "bucket" -> bucket = value;
                case "mbit" -> bytesPerSecond = Long.parseLong(value) * 125_000;
                case "program" -> programs.add(value);
                case "variant" -> variants.add(value.strip());
                case "java" -> java.add(value);
                default -> throw new IllegalArgumentException("Not known: " + arg);
            }
        }
        if (variants.isEmpty()) {
            variants.add("");
        }
        return new Arguments(
                jar,
                scratch,
                size,
                rounds,
                warmUps,
                endpoint,
                access,
                secret,
                bucket,
                bytesPerSecond,
                List.copyOf(programs),
                variants,
                List.copyOf(java));
    }
}
