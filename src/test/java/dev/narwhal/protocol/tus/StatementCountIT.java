package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.NarwhalApplication;
import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.PlainTus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a request costs the database: a PATCH reads its row once and moves it once, a HEAD reads it once. */
class StatementCountIT {

    private static final List<String> STATEMENTS = new CopyOnWriteArrayList<>();

    @TempDir
    Path dir;

    @Test
    void requests_costAsFewStatementsAsTheyNeed() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(
                                NarwhalApplication.class, RecordingConfiguration.class)
                        .run(
                                "--server.port=0",
                                "--narwhal.data-dir=" + dir.resolve("data"),
                                "--narwhal.upload.sweep-interval=1h");
                PlainTus tus = new PlainTus()) {
            URI files = URI.create(
                    "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/files");
            STATEMENTS.clear();
            URI upload = tus.create(files, 10, "count.txt");
            assertThat(onUploads()).containsExactly("insert");

            STATEMENTS.clear();
            assertThat(tus.patch(upload, 0, "hello".getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(onUploads()).containsExactly("select", "update");

            STATEMENTS.clear();
            assertThat(tus.offset(upload)).isEqualTo(5);
            assertThat(onUploads()).containsExactly("select");

            // Only the last byte of a partial looks for finals.
            STATEMENTS.clear();
            URI partial = tus.partial(files, "hello".getBytes(StandardCharsets.UTF_8));
            assertThat(onUploads()).containsExactly("insert", "select", "update", "select");

            // One row for the upload and its bytes, and one for its delivery. The delivery reads neither again, and
            // needs no
            // task.
            STATEMENTS.clear();
            tus.create(files, 5, "filename c21hbGw=", "small".getBytes(StandardCharsets.UTF_8));
            Awaitility.await().until(() -> changes().contains("update upload"));
            assertThat(changes())
                    .containsExactly("insert into upload", "insert into delivery", "update delivery", "update upload");
            assertThat(STATEMENTS).noneMatch(sql -> sql.strip().matches("(?s)select .*from (upload|delivery)\\b.*"));

            // From here on deliveries ask for rows, too.
            STATEMENTS.clear();
            assertThat(tus.patch(upload, 5, "world".getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(STATEMENTS).noneMatch(sql -> sql.contains("upload_part"));

            STATEMENTS.clear();
            URI whole = tus.concatenate(files, "whole.txt", List.of(partial, partial));
            assertThat(STATEMENTS)
                    .filteredOn(sql -> sql.contains("into upload_part"))
                    .hasSize(1);

            STATEMENTS.clear();
            assertThat(tus.head(whole).statusCode()).isEqualTo(200);
            assertThat(STATEMENTS).noneMatch(sql -> sql.contains("upload_part") && sql.contains("sum("));
        }
    }

    /** Of a key, the database is asked once in two seconds at most. */
    @Test
    void key_costsMostRequestsNoStatement() throws Exception {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        NarwhalApplication.class, RecordingConfiguration.class)
                .run(
                        "--server.port=0",
                        "--narwhal.data-dir=" + dir.resolve("closed"),
                        "--narwhal.access.mode=closed")) {
            String key = context.getBean(ApiKeys.class)
                    .create("ann", Set.of(Role.UPLOAD), Limits.NONE, null, "test")
                    .text();
            URI files = URI.create(
                    "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/files");
            try (PlainTus tus = PlainTus.with(key)) {
                URI upload = tus.create(files, 100, "count.txt");
                STATEMENTS.clear();
                long begun = System.nanoTime();
                for (int offset = 0; offset < 50; offset++) {
                    assertThat(tus.patch(upload, offset, new byte[1]).statusCode())
                            .isEqualTo(204);
                    assertThat(tus.offset(upload)).isEqualTo(offset + 1);
                }
                long looks = 1 + Duration.ofNanos(System.nanoTime() - begun).toSeconds() / 2;

                assertThat(STATEMENTS)
                        .filteredOn(sql -> sql.contains("api_key"))
                        .hasSizeLessThanOrEqualTo((int) looks);
                assertThat(onUploads())
                        .filteredOn(verb -> verb.equals("select"))
                        .as("one for each PATCH and each HEAD")
                        .hasSize(100);
                assertThat(onUploads())
                        .filteredOn(verb -> verb.equals("update"))
                        .hasSize(50);
            }
        }
    }

    private static List<String> changes() {
        Pattern change = Pattern.compile("(insert into|update|delete from) (upload|delivery|scheduled_tasks)\\b");
        return STATEMENTS.stream()
                .map(sql -> change.matcher(sql.strip()))
                .filter(Matcher::lookingAt)
                .map(Matcher::group)
                .toList();
    }

    /** The scheduler polls all the time; its statements are not the request's. */
    private static List<String> onUploads() {
        return STATEMENTS.stream()
                .map(String::strip)
                .filter(sql -> sql.matches("(?s)(select .*\\sfrom|insert into|update) upload\\b.*"))
                .map(sql -> sql.substring(0, sql.indexOf(' ')))
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    static class RecordingConfiguration {

        @Bean
        static BeanPostProcessor recorder() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource dataSource ? recorded(dataSource, DataSource.class) : bean;
                }
            };
        }
    }

    /** Records the statements prepared on every connection handed out. */
    private static <T> T recorded(T target, Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        STATEMENTS.add(String.valueOf(arguments[0]));
                    }
                    Object result = invoke(target, method, arguments);
                    return result instanceof Connection connection ? recorded(connection, Connection.class) : result;
                }));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
