package dev.narwhal.bench.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What to measure, as words such as {@code rows=P1,P3w}.
 *
 * @param jar Narwhal
 * @param distribution a directory with {@code bin/narwhal}; null without one
 * @param scratch a directory on the disk to measure
 * @param rows ids; empty for all
 * @param peers names of candidates; empty for all that can be installed here
 * @param scale of every load: 1 as the row says, 0.01 for a trial
 * @param seconds for which P10 sends its large PATCHes; 0 for as long as it takes to send 1 TiB
 * @param name of the result file
 * @param results files to make the page from
 */
record Options(
        Path project,
        Path jar,
        Path distribution,
        Path scratch,
        Set<String> rows,
        Set<String> peers,
        int rounds,
        double scale,
        int seconds,
        String name,
        List<Path> results,
        List<String> java) {

    static Options of(String[] words) {
        Path project = Path.of(System.getProperty("bench.project", "."));
        Path jar = project.resolve("target/narwhal.jar");
        Path distribution = null;
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        Set<String> rows = Set.of();
        Set<String> peers = Set.of();
        int rounds = 5;
        double scale = 1;
        int seconds = 60;
        String name = "table";
        List<Path> results = new ArrayList<>();
        List<String> java = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String value = word.substring(equals + 1);
            switch (word.substring(0, Math.max(equals, 0))) {
                case "jar" -> jar = Path.of(value);
                case "dist" -> distribution = Path.of(value);
                case "scratch" -> scratch = Path.of(value);
                case "rows" -> rows = Set.of(value.split(","));
                case "peers" -> peers = Set.of(value.split(","));
                case "rounds" -> rounds = Integer.parseInt(value);
                case "scale" -> scale = Double.parseDouble(value);
                case "seconds" -> seconds = Integer.parseInt(value);
                case "name" -> name = value;
                case "results" -> results.add(Path.of(value));
                case "java" -> java.add(value);
                default -> throw new IllegalArgumentException("Not known: " + word);
            }
        }
        return new Options(
                project,
                jar,
                distribution,
                scratch,
                rows,
                peers,
                rounds,
                scale,
                seconds,
                name,
                results,
                List.copyOf(java));
    }

    Options withPeers(Set<String> only) {
        return new Options(
                project, jar, distribution, scratch, rows, only, rounds, scale, seconds, name, results, java);
    }

    Options times(double share) {
        return new Options(
                project, jar, distribution, scratch, rows, peers, rounds, scale * share, seconds, name, results, java);
    }

    boolean wants(Row row) {
        return rows.isEmpty() || rows.contains(row.id());
    }

    boolean wantsPeer(String peer) {
        return peers.isEmpty() || peers.contains(peer);
    }

    /** @return at least {@code least}, and a multiple of it */
    long scaled(long amount, long least) {
        return Math.max(1, (long) (amount * scale) / least) * least;
    }
}
