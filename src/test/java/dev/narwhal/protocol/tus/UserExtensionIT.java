package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadListener;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** An extension bean of the server's user takes part in every request, as the engine's documentation says. */
class UserExtensionIT {

    @TempDir
    Path dir;

    @Test
    void usersExtension_validatesAndAnswers() throws Exception {
        try (ServerInProcess server = ExtendedServer.start(dir, new Doorman())) {
            URI files = server.uploads();

            HttpResponse<String> refused = create(files, "blocked");
            assertThat(refused.statusCode()).isEqualTo(451);
            assertThat(refused.body()).contains("\"code\":\"REFUSED\"").contains("Not from you.");
            assertThat(refused.headers().firstValue("Tus-Resumable")).contains("1.0.0");

            HttpResponse<String> welcome = create(files, "welcome");
            assertThat(welcome.statusCode()).isEqualTo(201);
            assertThat(welcome.headers().firstValue("X-Seen-By")).contains("doorman");

            // What is between the wire and an upload.
            assertThat(Doorman.FILTERS).allMatch(name -> name.startsWith("dev.narwhal."));
        }
    }

    /** Beside ours: the upload is delivered, too. */
    @Test
    void usersListener_isToldOfEveryChangeInItsTransaction() throws Exception {
        Diary diary = new Diary();
        UnaryOperator<SpringApplicationBuilder> withDiary = application ->
                application.initializers(early -> early.getBeanFactory().registerSingleton("usersListener", diary));
        try (ServerInProcess server = ServerInProcess.start(dir.resolve("data"), withDiary);
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 10, "told.txt");
            tus.patch(upload, 0, "hello".getBytes(StandardCharsets.UTF_8));
            tus.patch(upload, 5, "world".getBytes(StandardCharsets.UTF_8));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(diary.changed)
                            .containsExactly("CREATED true", "ADVANCED true", "FINISHED true", "DELIVERED true"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(diary.committed)
                            .containsExactly("CREATED", "ADVANCED", "FINISHED", "DELIVERED"));
        }
    }

    private static final class Diary implements UploadListener {

        private final Set<String> changed = Collections.synchronizedSet(new LinkedHashSet<>());
        private final List<String> committed = new CopyOnWriteArrayList<>();

        /** May be called again for the same change. */
        @Override
        public void changed(UploadEvent event) {
            changed.add(event.type() + " " + TransactionSynchronizationManager.isActualTransactionActive());
        }

        @Override
        public void committed(UploadEvent event) {
            committed.add(event.type().name());
        }
    }

    private static HttpResponse<String> create(URI files, String user) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(files)
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Length", "5")
                .header("X-User", user)
                .POST(BodyPublishers.noBody())
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString());
        }
    }

    static class Doorman extends OneMethodExtension implements RequestValidator, RequestHandler {

        /** The servlet filters that a request has come through. */
        private static final Set<String> FILTERS = ConcurrentHashMap.newKeySet();

        Doorman() {
            super(HttpMethod.POST);
        }

        @Override
        public void validate(HttpMethod method, HttpServletRequest request, UploadStorageService storage, String owner)
                throws TusException {
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach(frame -> {
                if (Filter.class.isAssignableFrom(frame.getDeclaringClass())) {
                    FILTERS.add(frame.getDeclaringClass().getName());
                }
            });
            if ("blocked".equals(request.getHeader("X-User"))) {
                throw new TusException(451, "Not from you.");
            }
        }

        @Override
        public void process(
                HttpMethod method,
                TusServletRequest request,
                TusServletResponse response,
                UploadStorageService storage,
                String owner) {
            response.setHeader("X-Seen-By", "doorman");
        }
    }
}
