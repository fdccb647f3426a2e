package dev.narwhal.conformance;

import static dev.narwhal.conformance.Concatenation.listOf;
import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes at most 1,000 bytes an upload and three partials a final, is published elsewhere, and dies. */
@Tag("process")
class ConcatenationSettingsIT {

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static TusClient tus;
    private static Concatenation concat;

    @BeforeAll
    static void start() throws IOException {
        server = TusServer.startOwn(
                dir.resolve("data"),
                "--narwhal.upload.max-size=1000B",
                "--narwhal.upload.max-partials=3",
                "--narwhal.tus.base-url=https://up.example.org/public/uploads");
        tus = new TusClient(server.uploads());
        concat = new Concatenation(tus);
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static String code(RawResponse answer) {
        return answer.text().replaceAll("(?s).*\"code\":\"([A-Z_]+)\".*", "$1");
    }

    /** Where the test reaches what the server has published elsewhere. */
    private static URI here(URI published) {
        String path = published.getPath();
        return URI.create(server.uploads() + path.substring(path.lastIndexOf('/')));
    }

    private static URI partial(int length) throws IOException {
        URI partial = here(concat.partial(length));
        tus.append(partial, 0, "x".repeat(length));
        return partial;
    }

    @Test
    @Item(value = 158, level = I, needs = "concatenation")
    @DisplayName("T158 Partials that are too large together are refused with 413, finished or not")
    void t158_final_beyondTheMaxSize() throws IOException {
        URI finished = partial(400);
        URI unfinished = here(concat.partial(201));
        RawResponse refused = concat.concatenate(finished, finished, unfinished);
        assertThat(refused).hasStatus(413).hasNoHeader("Location");
        assertThat(code(refused)).isEqualTo("MAX_SIZE_EXCEEDED");
        assertThat(concat.concatenate(finished, unfinished)).hasStatus(201);
    }

    @Test
    @Item(value = 158, level = I, needs = "concatenation")
    @DisplayName(
            "T158 A partial's later length that makes a final too large is refused with 413, and a smaller one is taken")
    void t158_partial_declaresTooMuch() throws IOException {
        URI deferred = here(concat.deferredPartial());
        URI whole = here(concat.whole(partial(400), deferred));
        assertThat(tus.send(
                        tus.patch(deferred, 0).header("Upload-Length", "601").body("")))
                .hasStatus(413);
        assertThat(tus.head(deferred)).hasHeader("Upload-Defer-Length", "1").hasHeader("Upload-Offset", "0");
        assertThat(tus.head(whole)).hasHeader("Upload-Defer-Length", "1");
        assertThat(tus.send(
                        tus.patch(deferred, 0).header("Upload-Length", "600").body("x".repeat(600))))
                .hasStatus(204);
        assertThat(tus.head(whole)).hasHeader("Upload-Offset", "1000");
    }

    @Test
    @Item(value = 159, level = I, needs = "concatenation")
    @DisplayName("T159 More partials than there may be are refused with 400, whatever they are")
    void t159_final_ofTooMany() throws IOException {
        URI partial = partial(1);
        RawResponse refused = concat.concatenate(partial, partial, partial, partial);
        assertThat(refused).hasStatus(400).hasNoHeader("Location");
        assertThat(code(refused)).isEqualTo("TOO_MANY_PARTIALS");
        assertThat(tus.send(concat.postConcat("final;a b c d"))).hasStatus(400);
        assertThat(concat.concatenate(partial, partial, partial)).hasStatus(201);
    }

    @Test
    @Item(value = 147, level = M, needs = "concatenation")
    @DisplayName("T147 Partials are named as the server published them")
    void t147_final_ofPublishedUrls() throws IOException {
        RawResponse answer = tus.send(concat.postPartial(0));
        String location = answer.required("Location");
        assertThat(location).startsWith("https://up.example.org/public/uploads/");
        RawResponse whole = tus.send(concat.postConcat("final;" + location));
        assertThat(whole).hasStatus(201);
        assertThat(whole.required("Location")).startsWith("https://up.example.org/public/uploads/");
    }

    @Test
    @Item(value = 145, level = S)
    @DisplayName("T145 Partials are not delivered, finals are; a final that is deleted leaves what was delivered")
    void t145_partial_isNotDelivered() throws IOException {
        URI partial = partial(7);
        URI whole = here(concat.whole(partial, partial));
        assertThat(DeliveredFiles.in(server.delivered()).await(whole))
                .hasBinaryContent("x".repeat(14).getBytes(US_ASCII));
        String id = partial.getPath().substring(partial.getPath().lastIndexOf('/') + 1);
        try (Stream<Path> files = Files.walk(server.delivered())) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.contains(id));
        }
        assertThat(tus.delete(whole)).hasStatus(204);
        assertThat(DeliveredFiles.in(server.delivered()).await(whole)).exists();
        tus.holds(partial, "x".repeat(7));
    }

    @Test
    @Item(value = 160, level = I)
    @DisplayName("T160 What was told of a final is true after kill -9, of a finished one and of one that waits")
    void t160_final_afterKill() throws IOException {
        URI first = partial(3);
        URI second = here(concat.partial(5));
        URI finished = here(concat.whole(first, first));
        URI waiting = here(concat.whole(first, second));
        server.kill();
        server.restart();
        assertThat(tus.head(finished)).hasHeader("Upload-Offset", "6").hasHeader("Upload-Concat");
        assertThat(tus.head(waiting)).hasNoHeader("Upload-Offset").hasHeader("Upload-Length", "8");
        tus.append(second, 0, "yyyyy");
        server.kill();
        server.restart();
        tus.holds(waiting, "xxxyyyyy");
        tus.holds(finished, "xxxxxx");
        assertThat(DeliveredFiles.in(server.delivered()).await(waiting)).hasContent("xxxyyyyy");
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A final of partials whose volume is not here is answered 423, until it is")
    void final_ofPartialsOnAnAbsentVolume() throws IOException {
        URI partial = here(concat.partial(3));
        URI waiting = here(concat.whole(partial));
        Path volume = server.dataDir().resolve("staging").resolve(".volume");
        String id = Files.readString(volume);
        server.stop();
        Files.writeString(volume, "0123456789abcdef".repeat(2) + "\n");
        server.restart();
        try {
            // Another list than that of the final, whose creation would be recognised as its repetition.
            RawResponse refused = concat.concatenate(partial, partial);
            assertThat(refused).hasStatus(423).hasNoHeader("Location");
            assertThat(code(refused)).isEqualTo("VOLUME_ABSENT");
            assertThat(tus.head(waiting)).hasStatus(423);
        } finally {
            server.stop();
            Files.writeString(volume, id);
            server.restart();
        }
        assertThat(tus.head(waiting)).hasHeader("Upload-Concat", listOf(partial));
        assertThat(concat.concatenate(partial, partial)).hasStatus(201);
    }
}
