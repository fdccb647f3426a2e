package dev.narwhal.access.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.ServerInProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The table of docs/access.md against the server: every endpoint that the server has stands in it, and each role gets what it says.
 */
class AccessTableIT {

    private static final String JSON = "application/json";
    private static final List<String> ROLES = List.of("nobody", "upload", "read", "operate", "admin");

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static ApplicationContext context;
    private static final Map<String, String> KEYS = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        // Not heapdump, which would write hundreds of megabytes.
        server = ServerInProcess.start(
                dir.resolve("data"),
                "--narwhal.access.mode=closed",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoints.web.exposure.exclude=heapdump");
        context = server.context();
        ApiKeys keys = context.getBean(ApiKeys.class);
        for (Role role : Role.values()) {
            KEYS.put(
                    role.name().toLowerCase(Locale.ROOT),
                    keys.create("ann", Set.of(role), Limits.NONE, null, "test").text());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyEndpoint_isInTheTable() throws Exception {
        assertThat(table().keySet()).containsAll(endpoints().keySet());
    }

    /** A row may be about a part of an endpoint, such as one of the health groups. */
    @Test
    void everyRow_isAnEndpoint() throws Exception {
        PathPatternParser parser = new PathPatternParser();
        for (String row : table().keySet()) {
            String[] request = row.split(" ");
            assertThat(endpoints().keySet()).as(row).anyMatch(endpoint -> {
                String[] known = endpoint.split(" ");
                return endpoint.equals(row)
                        || known[0].equals(request[0])
                                && parser.parse(known[1]).matches(PathContainer.parsePath(request[1]));
            });
        }
    }

    static Stream<Arguments> requests() throws Exception {
        List<Arguments> all = new ArrayList<>();
        for (Map.Entry<String, List<Boolean>> row : table().entrySet()) {
            for (int role = 0; role < ROLES.size(); role++) {
                all.add(Arguments.of(
                        row.getKey(), ROLES.get(role), row.getValue().get(role)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @MethodSource("requests")
    void role_getsWhatTheTableSays(String request, String role, boolean allowed) throws Exception {
        for (String type : endpoints().getOrDefault(request, Set.of(JSON))) {
            int status = status(request, role, type);
            if (allowed) {
                assertThat(status).isNotIn(401, 403);
            } else {
                assertThat(status).isEqualTo(role.equals("nobody") ? 401 : 403);
            }
        }
    }

    /** Of each request whether each of the roles may send it. */
    private static Map<String, List<Boolean>> table() throws IOException {
        Map<String, List<Boolean>> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("docs/access.md"))) {
            String[] cells = line.split(" *\\| *");
            if (cells.length == ROLES.size() + 2 && cells[1].matches("`[A-Z]+ /\\S*`")) {
                rows.put(
                        cells[1].replace("`", ""),
                        Arrays.stream(cells, 2, cells.length).map("yes"::equals).toList());
            }
        }
        assertThat(rows).isNotEmpty();
        return rows;
    }

    /** Of each endpoint the types of body that it takes. */
    private static Map<String, Set<String>> endpoints() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        for (RequestMappingInfoHandlerMapping mapping :
                context.getBeansOfType(RequestMappingInfoHandlerMapping.class).values()) {
            mapping.getHandlerMethods().keySet().forEach(info -> add(found, info));
        }
        for (SimpleUrlHandlerMapping mapping :
                context.getBeansOfType(SimpleUrlHandlerMapping.class).values()) {
            mapping.getHandlerMap().keySet().forEach(path -> found.put("GET " + path, Set.of(JSON)));
        }
        for (String path : List.of("", "/{id}", "/u/{token}", "/u/{token}/{id}")) {
            tusMethods(path).forEach(method -> found.put(method + " /files" + path, Set.of(JSON)));
        }
        return found;
    }

    private static void add(Map<String, Set<String>> found, RequestMappingInfo info) {
        assertThat(info.getMethodsCondition().getMethods()).as("%s", info).isNotEmpty();
        for (String path : info.getPatternValues()) {
            info.getMethodsCondition().getMethods().forEach(method -> {
                Set<String> types = found.computeIfAbsent(method + " " + path, unused -> new TreeSet<>());
                info.getConsumesCondition().getConsumableMediaTypes().stream()
                        .map(MediaType::toString)
                        .forEach(types::add);
                if (types.isEmpty()) {
                    types.add(JSON);
                }
            });
        }
    }

    /** As the tus path itself answers to a method that it does not have. */
    private static List<String> tusMethods(String path) throws IOException {
        assertThat(context.getBean("tusServlet", ServletRegistrationBean.class).getUrlMappings())
                .isEqualTo(Set.of("/files", "/files/*"));
        String allow = Plain.send(server.root(), "BREW", filled("/files" + path), "Tus-Resumable: 1.0.0")
                .header("Allow");
        return List.of(Objects.requireNonNull(allow).split(", "));
    }

    private static String filled(String path) {
        return path.replace("{id}", "0".repeat(32))
                .replace("{token}", "A".repeat(43))
                .replaceAll("\\{[^}]*}|\\*+", "x");
    }

    /** Of the answer only its first line is read: some never end. */
    private static int status(String request, String role, String type) throws IOException {
        URI root = server.root();
        String[] words = request.split(" ");
        boolean isTus = words[1].startsWith("/files");
        boolean hasBody = Set.of("POST", "PUT", "PATCH").contains(words[0]);
        String body = hasBody && !isTus ? "{}" : "";
        StringBuilder head = new StringBuilder(words[0] + " " + filled(words[1]) + " HTTP/1.1\r\nHost: localhost\r\n");
        if (!role.equals("nobody")) {
            head.append("X-Api-Key: ").append(KEYS.get(role)).append("\r\n");
        }
        if (isTus) {
            head.append("Tus-Resumable: 1.0.0\r\n").append(words[0].equals("POST") ? "Upload-Length: 5\r\n" : "");
            head.append(
                    "PATCH".equals(words[0])
                            ? "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
                            : "");
        } else if (hasBody) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        head.append("Content-Length: ").append(body.length()).append("\r\nConnection: close\r\n\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), root.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write((head + body).getBytes(ISO_8859_1));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)).readLine();
            return Integer.parseInt(line.split(" ")[1]);
        }
    }
}
