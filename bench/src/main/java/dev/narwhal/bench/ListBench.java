package dev.narwhal.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a page of a list of uploads takes, over HTTP, at several depths of many rows: {@code jar=… rows=1000000}, and for PostgreSQL
 * {@code url=jdbc:postgresql:… user=… password=…} of an empty database that runs already.
 */
public final class ListBench {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final long APART_MILLIS = 100;
    private static final int REQUESTS = 15;
    private static final int WARM_UPS = 30;
    private static final int PAGES = 50;
    private static final double[] DEPTHS = {0, 0.1, 0.5, 0.99};
    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{32})\"");
    private static final List<String> LISTS = List.of(
            "",
            "order=oldest",
            "state=delivered",
            "state=failed",
            "state=receiving,failed",
            "owner=owner7",
            "filename=nothing-has-this",
            "metadata=key%3Dnothing-has-this",
            "destination=archive");

    private static final long BATCH = 20_000;

    /** The server's ids have their first bits in common with those made just before, too. */
    private static final String UPLOADS = """
            insert into upload (id, owner, kind, length, "offset", metadata, filename, content_type, state, created_at, updated_at,
                finished_at, volume, lease_token)
            select mod(n / 16384, 64) + 10 || substring(%1$s from 1 for 30), 'owner' || mod(n, 1000), 'WHOLE', 4096,
                case when mod(n, 100) = 0 then 5 else 4096 end, 'filename aG9saWRheS5qcGc=,key dmFsdWU=',
                'holiday' || n || '.jpg', 'image/jpeg',
                case when mod(n, 100) = 0 then 'RECEIVING' when mod(n, 1001) = 0 then 'FAILED' else 'DELIVERED' end,
                %2$s, %2$s, %2$s, 'volume-of-the-bench', n
            from %3$s
            """;

    private static final String DELIVERIES = """
            insert into delivery (upload_id, destination, object_key, status, created_at, updated_at, delivered_at)
            select id, 'default', 'uploads/' || id, state, created_at, created_at, created_at from upload
            where volume = 'volume-of-the-bench' and state in ('DELIVERED', 'FAILED')
                and created_at > %1$s and created_at <= %2$s
            """;

    private final Path jar;
    private final Path data;
    private final long rows;
    private final String[] database;
    private final HttpClient http = HttpClient.newHttpClient();
    private URI root;

    private ListBench(Path jar, Path data, long rows, String[] database) {
        this.jar = jar;
        this.data = data;
        this.rows = rows;
        this.database = database;
    }

    public static void main(String[] args) throws Exception {
        Path data = Files.createTempDirectory("narwhal-lists-");
        String url = given(args, "url", "");
        String[] database = url.isEmpty()
                ? new String[0]
                : new String[] {url, given(args, "user", ""), given(args, "password", "")};
        ListBench bench = new ListBench(
                Path.of(given(args, "jar", System.getProperty("bench.jar", "target/narwhal.jar"))),
                data,
                Long.parseLong(given(args, "rows", "1000000")),
                database);
        try {
            bench.run();
        } finally {
            Scratch.delete(data);
        }
    }

    private static String given(String[] args, String name, String otherwise) {
        return Arrays.stream(args)
                .filter(arg -> arg.startsWith(name + "="))
                .map(arg -> arg.substring(name.length() + 1))
                .findFirst()
                .orElse(otherwise);
    }

    private void run() throws Exception {
        Scratch.stop(start());
        fill();
        Process server = start();
        try {
            measure();
        } finally {
            Scratch.stop(server);
        }
    }

    private Process start() throws IOException, InterruptedException {
        int port = ObjectStore.freePort();
        root = URI.create("http://127.0.0.1:" + port + "/");
        List<String> command = new ArrayList<>(List.of(
                Scratch.java(),
                "-Xmx512m",
                "-jar",
                jar.toString(),
                "--server.port=" + port,
                "--narwhal.data-dir=" + data));
        if (database.length > 0) {
            command.add("--spring.datasource.url=" + database[0]);
            command.add("--spring.datasource.username=" + database[1]);
            command.add("--spring.datasource.password=" + database[2]);
        }
        Path log = data.resolve("server.log");
        Process server = Scratch.start(log, command);
        for (int tries = 0; !Files.readString(log).contains("server.ready"); tries++) {
            if (tries > 900 || !server.isAlive()) {
                throw new IOException("Does not start:\n" + Files.readString(log));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        return server;
    }

    /** Uploads 100 ms apart: 1 % are being received, 0.1 % have failed, all others are delivered. */
    private void fill() throws SQLException {
        boolean postgres = database.length > 0;
        String url = postgres ? database[0] : "jdbc:h2:file:" + data.resolve("db/narwhal") + ";IFEXISTS=TRUE";
        String user = postgres ? database[1] : "narwhal";
        try (Connection connection = DriverManager.getConnection(url, user, postgres ? database[2] : "");
                Statement statement = connection.createStatement()) {
            for (long made = 0; made < rows; made += BATCH) {
                String source = "%s(%d, %d) as s(n)"
                        .formatted(
                                postgres ? "generate_series" : "system_range", made + 1, Math.min(rows, made + BATCH));
                statement.executeUpdate(UPLOADS.formatted(
                        postgres ? "md5(n::text)" : "lower(rawtohex(random_uuid()))",
                        postgres
                                ? "timestamptz '" + FIRST + "' + n * interval '" + APART_MILLIS + " ms'"
                                : "dateadd(millisecond, n * " + APART_MILLIS + ", " + literal(0) + ")",
                        source));
                statement.executeUpdate(DELIVERIES.formatted(literal(made), literal(made + BATCH)));
            }
            statement.execute(postgres ? "analyze" : "shutdown compact");
        }
    }

    private static String literal(long row) {
        String time = FIRST.plusMillis(row * APART_MILLIS).toString();
        return "timestamp with time zone '" + time.replace("T", " ").replace("Z", "+00:00") + "'";
    }

    private void measure() throws IOException, InterruptedException {
        System.out.printf("%d rows, %s%n%n", rows, database.length > 0 ? "PostgreSQL" : "H2");
        System.out.println("| list | median, first and worst ms at 0 % | at 10 % | at 50 % | at 99 % |");
        System.out.println("| --- | --- | --- | --- | --- |");
        warmUp();
        for (String list : LISTS) {
            StringBuilder line = new StringBuilder("| `" + list + "` |");
            for (double depth : DEPTHS) {
                line.append(' ').append(times(list, depth, REQUESTS)).append(" |");
            }
            System.out.println(line);
        }
        chain();
    }

    /** At places that are not measured: for the JVM, and not for the database's cache. */
    private void warmUp() throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            for (String list : LISTS) {
                times(list, 0.75, 1);
            }
        }
    }

    /** Each request begins at another place, so that none finds the answer of the one before. */
    private String times(String list, double depth, int requests) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            long row = (long) (rows * (1 - depth)) - i * 97L;
            String from = URLEncoder.encode(
                    FIRST.plusMillis(Math.max(200, row) * APART_MILLIS).toString(), StandardCharsets.UTF_8);
            String bound = list.contains("oldest") ? "createdAfter=" : "createdBefore=";
            long begin = System.nanoTime();
            get("api/v1/uploads?" + bound + from + (list.isEmpty() ? "" : "&" + list));
            millis.add((System.nanoTime() - begin) / 1e6);
        }
        return figures(millis);
    }

    private static String figures(List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        return String.format(
                Locale.ROOT, "%.1f, %.1f, %.1f", sorted.get(sorted.size() / 2), millis.getFirst(), sorted.getLast());
    }

    /** Page after page by the cursor, and then one upload after the other. */
    private void chain() throws IOException, InterruptedException {
        List<Double> pages = new ArrayList<>();
        List<Double> details = new ArrayList<>();
        String next = "";
        for (int i = 0; i < PAGES; i++) {
            long begin = System.nanoTime();
            String page = get("api/v1/uploads?limit=200" + (next.isEmpty() ? "" : "&cursor=" + next));
            pages.add((System.nanoTime() - begin) / 1e6);
            next = first(NEXT, page);
            String id = first(ID, page);
            begin = System.nanoTime();
            get("api/v1/uploads/" + id);
            details.add((System.nanoTime() - begin) / 1e6);
        }
        System.out.printf("%nPages of 200 by cursor, median, first and worst ms: %s%n", figures(pages));
        System.out.printf("One upload with its timeline: %s%n", figures(details));
    }

    private static String first(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("No " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(root.resolve(path))
                        .method("GET", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
