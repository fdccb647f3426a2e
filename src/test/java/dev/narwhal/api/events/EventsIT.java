package dev.narwhal.api.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadEvent;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events by their URL. */
class EventsIT {

    private final ServerInProcess server = ServerInProcess.shared();
    private final EventFeed feed = server.context().getBean(EventFeed.class);
    private final PlainTus tus = new PlainTus();
    private final URI all = server.root().resolve("api/v1/events");

    private URI create(int length) throws Exception {
        return tus.create(server.uploads(), length, "told.txt");
    }

    private static String idOf(URI upload) {
        return upload.getPath().substring("/files/".length());
    }

    private URI of(String upload) {
        return server.root().resolve("api/v1/events?upload=" + upload);
    }

    private static boolean isOf(EventReader.Event event, String id) {
        return event.data().contains("\"upload\":\"" + id + "\"");
    }

    private static EventReader.Event await(EventReader reader, String id, String name) {
        return reader.await(event -> event.name().equals(name) && isOf(event, id));
    }

    private void finish(URI upload, String content) throws Exception {
        assertThat(tus.patch(upload, 0, content.getBytes(UTF_8)).statusCode()).isEqualTo(204);
    }

    @Test
    void life_ofAnUpload_isTold() throws Exception {
        try (EventReader reader = EventReader.open(all)) {
            assertThat(reader.head())
                    .anyMatch(line -> line.equalsIgnoreCase("Content-Type: text/event-stream;charset=UTF-8"));
            URI upload = create(5);
            finish(upload, "hello");

            EventReader.Event created = await(reader, idOf(upload), "created");
            await(reader, idOf(upload), "finished");
            EventReader.Event delivered = await(reader, idOf(upload), "delivered");

            assertThat(reader.names()).startsWith("hello");
            assertThat(created.data()).contains("\"state\":\"RECEIVING\"", "\"length\":5", "\"filename\":\"told.txt\"");
            assertThat(delivered.data()).contains("\"state\":\"DELIVERED\"", "\"offset\":5");
            assertThat(delivered.id()).isNotNull().isNotEqualTo(created.id());
        }
    }

    @Test
    void oneUpload_beginsWithItsState_andHearsOfNoOther() throws Exception {
        URI upload = create(5);
        URI other = create(5);
        for (URI url : List.of(of(idOf(upload)), server.root().resolve("api/v1/uploads/" + idOf(upload) + "/events"))) {
            try (EventReader reader = EventReader.open(url)) {
                assertThat(await(reader, idOf(upload), "state").data()).contains("\"state\":\"RECEIVING\"");
                assertThat(tus.patch(other, 0, new byte[0]).statusCode()).isEqualTo(204);
            }
        }
        try (EventReader reader = EventReader.open(of(idOf(upload)))) {
            finish(other, "other");
            finish(upload, "hello");

            await(reader, idOf(upload), "delivered");
            assertThat(reader.events()).noneMatch(event -> isOf(event, idOf(other)));
        }
    }

    @Test
    void batch_hearsOfItsOwnUploadsAlone() throws Exception {
        try (EventReader reader = EventReader.open(server.root().resolve("api/v1/events?batch=told"))) {
            URI other = create(5);
            URI member = tus.create(server.uploads(), 5, "filename YQ==,batch dG9sZA==", new byte[2]);

            assertThat(await(reader, idOf(member), "created").data()).contains("\"batch\":\"told\"");
            assertThat(reader.events()).noneMatch(event -> isOf(event, idOf(other)));
        }
    }

    @Test
    void reader_thatComesBack_missesNothing() throws Exception {
        URI upload = create(5);
        String seen;
        try (EventReader reader = EventReader.open(all)) {
            URI another = create(5);
            seen = String.valueOf(await(reader, idOf(another), "created").id());
        }
        finish(upload, "hello");

        try (EventReader reader = EventReader.open(all, "Last-Event-ID: " + seen)) {
            await(reader, idOf(upload), "finished");
            await(reader, idOf(upload), "delivered");
            assertThat(reader.names()).doesNotContain("hello", "reset");
        }
    }

    @Test
    void reader_whoseIdMeansNothing_beginsAnew() throws Exception {
        String upload = idOf(create(5));
        for (String id : List.of("0123456789abcdef-3", "x", "", "-", feed.idOf(Long.MAX_VALUE), feed.idOf(-1) + "9")) {
            try (EventReader reader = EventReader.open(of(upload), "Last-Event-ID: " + id)) {
                await(reader, upload, "state");
                assertThat(reader.names().getFirst()).as(id).isEqualTo("reset");
                assertThat(reader.events().getFirst().id()).isNotNull();
            }
        }
    }

    /** Within one PATCH, before anything of it is recorded. */
    @Test
    void progress_ofALongBody_isTold() throws Exception {
        URI upload = create(100_000);
        try (EventReader reader = EventReader.open(of(idOf(upload)));
                HandFedPatch patch = HandFedPatch.begin(upload, 0, 100_000)) {
            patch.send(new byte[1_000]);
            reader.await(
                    event -> event.name().equals("progress") && event.data().contains("\"offset\":1000,"));
            patch.send(new byte[2_000]);
            EventReader.Event later = reader.await(
                    event -> event.name().equals("progress") && event.data().contains("\"offset\":3000,"));
            assertThat(later.id()).isNull();
        }
        try (EventReader reader = EventReader.open(of(idOf(upload)))) {
            reader.await("state");
        }
    }

    @Test
    void cutBody_isTold() throws Exception {
        URI upload = create(100_000);
        try (EventReader reader = EventReader.open(all)) {
            try (HandFedPatch patch = HandFedPatch.begin(upload, 0, 100_000)) {
                patch.send(new byte[1_000]);
                Awaitility.await().until(() -> tus.offset(upload) == 1_000);
            }

            assertThat(await(reader, idOf(upload), "interrupted").data())
                    .contains("\"reason\":\"cut\"", "\"offset\":1000,");
        }
    }

    /** It reads nothing, so that the server's socket fills up; those who change uploads do not wait. */
    @Test
    void slowReader_isDropped_andHoldsUpNobody() throws Exception {
        int before = feed.readers();
        try (EventReader slow = EventReader.connect(all)) {
            Awaitility.await().until(() -> feed.readers() > before);
            UploadEvent event = new UploadEvent(
                    UploadEvent.Type.CREATED,
                    null,
                    UploadBuilder.upload().filename("x".repeat(255)).build());
            for (int i = 0; i < 10 * NewsRing.SIZE; i++) {
                feed.committed(event);
            }

            slow.read();

            assertThat(slow.events().size()).isLessThan(10 * NewsRing.SIZE);
        }
    }

    @Test
    void stop_ofTheServer_endsEveryStream(@TempDir Path dir) throws Exception {
        ServerInProcess stopped = ServerInProcess.start(dir.resolve("data"));
        try (EventReader reader = EventReader.open(stopped.root().resolve("api/v1/events"))) {
            stopped.context().getBean(EventFeed.class).stop();
            reader.awaitEnd();
        } finally {
            stopped.close();
        }
    }

    @Test
    void questions_thatHaveNoAnswer_areProblems() throws Exception {
        assertThat(get("api/v1/events?upload=nothing").body()).contains("UPLOAD_NOT_FOUND");
        assertThat(get("api/v1/uploads/00000000000000000000000000000000/events").statusCode())
                .isEqualTo(404);
        assertThat(get("api/v1/events?uplaod=x").statusCode()).isEqualTo(400);
        HttpResponse<String> head = tus.send("HEAD", all, BodyPublishers.noBody());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return tus.send("GET", server.root().resolve(path), BodyPublishers.noBody());
    }
}
