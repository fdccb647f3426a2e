package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.GeneratedContent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** One file in several partials that are sent at the same time, and the final one that names them. */
final class ConcatenatedUpload {

    private final CrashedServer server;
    private final String metadata;
    private final long length;
    private final boolean early;
    private final List<StubbornUpload> partials = new ArrayList<>();

    ConcatenatedUpload(CrashedServer server, GeneratedContent content, String name, String to, long seed) {
        this.server = server;
        this.metadata = StubbornUpload.metadata(name, to);
        this.length = content.length();
        Random luck = new Random(seed);
        this.early = luck.nextBoolean();
        int pieces = 1 + luck.nextInt(4);
        for (int i = 0; i < pieces; i++) {
            long from = length * i / pieces;
            GeneratedContent piece = content.part(from, length * (i + 1) / pieces);
            UploadKind kind = luck.nextBoolean() ? UploadKind.PLAIN : UploadKind.CHUNKED;
            partials.add(new StubbornUpload(server, kind, piece, "partial", null, luck.nextLong()));
        }
    }

    List<StubbornUpload> partials() {
        return partials;
    }

    /** Returns when the server has acknowledged the final upload and its last byte. */
    URI bringHome() throws Exception {
        List<URI> urls = new ArrayList<>();
        for (StubbornUpload partial : partials) {
            urls.add(partial.create());
        }
        if (early) {
            URI whole = concatenate(urls);
            sendPartials();
            return whole;
        }
        sendPartials();
        return concatenate(urls);
    }

    private void sendPartials() throws Exception {
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = partials.stream()
                    .map(partial -> senders.submit(() -> {
                        partial.bringHome();
                        return (Void) null;
                    }))
                    .toList();
            for (Future<Void> one : all) {
                one.get();
            }
        }
    }

    private URI concatenate(List<URI> urls) throws IOException, InterruptedException {
        String list = urls.stream().map(URI::toString).collect(Collectors.joining(" "));
        while (true) {
            try {
                HttpResponse<String> answer = server.send(
                        "POST",
                        server.uploads(),
                        BodyPublishers.noBody(),
                        "Upload-Concat",
                        "final;" + list,
                        "Upload-Metadata",
                        metadata);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
                return server.uploads()
                        .resolve(answer.headers().firstValue("Location").orElseThrow());
            } catch (KilledException e) {
                // Perhaps it is there, and will be delivered; nobody has been told, so another one is made.
                continue;
            }
        }
    }
}
