package dev.narwhal.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.testkit.SharedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code narwhal keys} beside a server and without one; once each as a process. */
@Tag("process")
class KeysCommandIT {

    private static final String KEY = "nwl_[0-9a-f]{12}_[0-9a-f]{64}";

    @TempDir
    Path dir;

    @Test
    void keys_areMadeBeforeTheFirstStart_besideTheServer_andAfterItsKill() throws Exception {
        Path data = dir.resolve("data");
        String early = checked(jar(data, "create", "--owner=ann", "--scopes=upload", "--expires=30d"));
        try (NarwhalProcess server = NarwhalProcess.start(data, "--narwhal.access.mode=closed")) {
            assertThat(create(server, early)).isEqualTo(201);
            String admin = checked(jar(data, "create", "--owner=root", "--scopes=admin"));
            assertThat(create(server, admin)).isEqualTo(201);
            assertThat(Files.getPosixFilePermissions(data.resolve("control")))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));

            String second = key(data, "rotate", id(early), "--grace=1h");
            assertThat(create(server, early)).isEqualTo(201);
            assertThat(create(server, second)).isEqualTo(201);
            String third = key(data, "rotate", second, "--grace=0s");
            assertThat(create(server, second)).isEqualTo(401);
            assertThat(create(server, third)).isEqualTo(201);

            assertThat(keys(data, "revoke", id(early)).status()).isZero();
            assertThat(create(server, third)).isEqualTo(401);
            JarCommand list = keys(data, "list");
            assertThat(list.out().lines())
                    .anyMatch(line -> line.startsWith(id(early) + "  ann ") && line.contains("revoked"))
                    .anyMatch(line -> line.startsWith(id(admin) + "  root ") && line.endsWith("valid"));
            assertThat(list.out()).doesNotContain(third.substring(third.length() - 64));

            server.kill();
            assertThat(data.resolve("control/socket"))
                    .as("what the killed server has left")
                    .exists();
            String late = key(data, "create", "--owner=ben", "--scopes=upload,read");
            server.restart();
            assertThat(create(server, late)).isEqualTo(201);
            assertThat(keys(data, "revoke", late).status()).isZero();
            server.stop();
            assertThat(data.resolve("control/socket")).doesNotExist();
        }
    }

    @Test
    void longPath_hasItsSocketElsewhere() throws Exception {
        Path data = dir.resolve("x".repeat(120)).resolve("data");
        try (NarwhalProcess server = NarwhalProcess.start(data, "--narwhal.access.mode=closed")) {
            Path socket = Path.of(Files.readString(data.resolve("control/elsewhere")));
            assertThat(create(server, key(data, "create", "--owner=ann", "--scopes=upload")))
                    .isEqualTo(201);

            server.kill();
            server.restart();
            assertThat(socket).doesNotExist();
            assertThat(create(server, key(data, "create", "--owner=ann", "--scopes=upload")))
                    .isEqualTo(201);
        }
    }

    @Test
    void postgres_isOpenedDirectly_besideItsServer() throws Exception {
        String url = "--spring.datasource.url=" + SharedPostgres.newDatabase();
        Path data = dir.resolve("data");
        String early = key(data, "create", "--owner=ann", "--scopes=upload", url);
        try (NarwhalProcess server = NarwhalProcess.start(data, "--narwhal.access.mode=closed", url)) {
            assertThat(create(server, early)).isEqualTo(201);
            assertThat(create(server, key(data, "create", "--owner=ann", "--scopes=upload", url)))
                    .isEqualTo(201);
            assertThat(data.resolve("control")).doesNotExist();
        }
    }

    @Test
    void wrongWords_areExplained_andMakeNothing() throws Exception {
        Path data = dir.resolve("data");

        assertWrong(data, "scopes is missing", "create", "--owner=ann");
        assertWrong(
                data,
                "'uploads' is no scope; there are upload, read, operate, admin",
                "create",
                "--owner=a",
                "--scopes=uploads");
        assertWrong(data, "'--limit=1' is no option", "create", "--owner=a", "--scopes=read", "--limit=1");
        assertWrong(data, "--expires is 'soon'", "create", "--owner=a", "--scopes=read", "--expires=soon");
        assertWrong(data, "the id of the key is missing", "revoke");
        assertWrong(data, "keys cannot 'destroy'", "destroy");
        JarCommand unknown = keys(data, "revoke", "000000000000");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no key 000000000000 in force");
        assertThat(keys(data, "list").out().lines()).hasSize(1);
        JarCommand typo = keys(data, "list", "--narwhal.upload.max-sise=1");
        assertThat(typo.status()).isEqualTo(1);
        assertThat(typo.err()).contains("narwhal.upload.max-sise");
    }

    private static void assertWrong(Path data, String sentence, String... words) {
        JarCommand wrong = keys(data, words);

        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).contains(sentence);
    }

    private static String key(Path data, String... words) {
        return checked(keys(data, words));
    }

    private static String checked(JarCommand made) {
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out().strip()).matches(KEY);
        assertThat(made.err()).doesNotContain(made.out().strip());
        return made.out().strip();
    }

    /** As its process would, but for the start of a JVM each time. */
    private static JarCommand keys(Path data, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--narwhal.data-dir=" + data);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        // It starts a context where no server takes it, and the JVM has one logging system.
        synchronized (ServerInProcess.class) {
            int status =
                    new KeysCommand(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), all).run();
            return new JarCommand(status, out.toString(UTF_8), err.toString(UTF_8));
        }
    }

    /** As a process. */
    private JarCommand jar(Path data, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(words));
        all.add("--narwhal.data-dir=" + data);
        return JarCommand.run(dir, all.toArray(String[]::new));
    }

    private static int create(NarwhalProcess server, String key) throws Exception {
        return PlainTus.with(key).tryCreate(server.uploads(), 5, "a.txt").statusCode();
    }

    private static String id(String key) {
        return key.split("_")[1];
    }
}
