package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.GeneratedContent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client that brings one file home through any number of kills. After each it asks how far the server is, and holds the
 * answer against what it was told and what it has sent; then it goes on from there, at once.
 */
final class StubbornUpload {

    private static final String BYTES = "application/offset+octet-stream";

    private final CrashedServer server;
    private final UploadKind kind;
    private final boolean partial;
    private final GeneratedContent content;
    private final String metadata;
    private final Random luck;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sentAgain = new AtomicLong();
    private final AtomicLong bodyEnd = new AtomicLong(Long.MAX_VALUE);
    private volatile ClientPhase phase = ClientPhase.IDLE;
    private volatile @Nullable URI url;
    private volatile long acknowledged;
    private boolean declared;

    /** @param to names the destination; a partial has none */
    StubbornUpload(
            CrashedServer server,
            UploadKind kind,
            GeneratedContent content,
            String name,
            @Nullable String to,
            long seed) {
        this.server = server;
        this.kind = kind;
        this.partial = to == null;
        this.content = content;
        this.metadata = metadata(name, to);
        this.luck = new Random(seed);
        this.declared = kind != UploadKind.DEFERRED;
    }

    static String metadata(String name, @Nullable String to) {
        return "filename " + base64(name) + (to == null ? "" : ",to " + base64(to));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    ClientPhase phase() {
        return phase == ClientPhase.BODY && sent.get() >= bodyEnd.get() ? ClientPhase.ANSWER : phase;
    }

    /** Null until the server has told it. */
    @Nullable
    URI url() {
        return url;
    }

    long length() {
        return content.length();
    }

    /** The most bytes that one kill has cost. */
    long sentAgain() {
        return sentAgain.get();
    }

    /** Until the server knows it and has told us so. */
    URI create() throws Exception {
        URI known = url;
        while (known == null) {
            try {
                known = tryCreate();
            } catch (KilledException e) {
                // Perhaps it is there, but nobody has been told: that one is nobody's.
                sent.set(0);
            }
        }
        url = known;
        return known;
    }

    /** Returns when the server has acknowledged the last byte. */
    void bringHome() throws Exception {
        URI known = create();
        boolean ask = false;
        while (phase != ClientPhase.DONE) {
            try {
                if (ask) {
                    ask(known);
                }
                ask = false;
                if (acknowledged == content.length() && declared) {
                    phase = ClientPhase.DONE;
                } else {
                    append(known);
                }
            } catch (KilledException e) {
                ask = true;
            }
        }
    }

    private URI tryCreate() throws IOException, InterruptedException, KilledException {
        List<String> headers = new ArrayList<>(List.of("Upload-Metadata", metadata));
        headers.addAll(declared ? lengthHeader() : List.of("Upload-Defer-Length", "1"));
        if (partial) {
            headers.addAll(List.of("Upload-Concat", "partial"));
        }
        long end = kind == UploadKind.WITH_CREATION
                ? upTo(0, luck.nextBoolean() ? length() : 1 + luck.nextLong(length()))
                : 0;
        if (end > 0) {
            headers.addAll(List.of("Content-Type", BYTES));
        }
        phase = ClientPhase.CREATING;
        HttpResponse<String> answer =
                server.send("POST", server.uploads(), body(0, end, true), headers.toArray(String[]::new));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        if (end > 0) {
            assertThat(answer.headers().firstValueAsLong("Upload-Offset")).hasValue(end);
        }
        acknowledged = end;
        phase = ClientPhase.IDLE;
        return server.uploads().resolve(answer.headers().firstValue("Location").orElseThrow());
    }

    private List<String> lengthHeader() {
        return List.of("Upload-Length", String.valueOf(length()));
    }

    /** What the server says after a kill, against what we know: nothing lost, nothing invented, nothing unverified. */
    private void ask(URI known) throws IOException, InterruptedException, KilledException {
        phase = ClientPhase.ASKING;
        HttpResponse<String> answer = server.send("HEAD", known, BodyPublishers.noBody());
        assertThat(answer.statusCode()).as("HEAD after a kill of %s", this).isEqualTo(200);
        long offset = answer.headers().firstValueAsLong("Upload-Offset").orElseThrow();
        assertThat(offset)
                .as("offset after a kill: told before, sent; %s", this)
                .isBetween(acknowledged, Math.max(acknowledged, sent.get()));
        if (kind == UploadKind.CHECKSUMMED) {
            assertThat(offset).as("nothing or all of a verified body; %s", this).isIn(acknowledged, bodyEnd.get());
        }
        declared |= answer.headers().firstValue("Upload-Length").isPresent();
        sentAgain.accumulateAndGet(sent.get() - offset, Math::max);
        acknowledged = offset;
        sent.set(offset);
        phase = ClientPhase.IDLE;
    }

    private void append(URI known) throws Exception {
        long from = acknowledged;
        long end = kind == UploadKind.PLAIN || kind == UploadKind.STREAMING || kind == UploadKind.WITH_CREATION
                ? length()
                : upTo(from, 1 + luck.nextLong(kind.largest() / 4));
        List<String> headers = new ArrayList<>(List.of("Upload-Offset", String.valueOf(from), "Content-Type", BYTES));
        if (!declared && end == length()) {
            headers.addAll(lengthHeader());
        }
        if (kind == UploadKind.CHECKSUMMED) {
            headers.addAll(List.of("Upload-Checksum", checksum(from, end)));
            if (luck.nextInt(4) == 0) {
                lie(known, from, end, headers);
            }
        }
        HttpResponse<String> answer = patch(known, body(from, end, kind != UploadKind.STREAMING), headers);
        assertThat(answer.statusCode())
                .as("PATCH at %s of %s: %s", from, this, answer.body())
                .isEqualTo(204);
        assertThat(answer.headers().firstValueAsLong("Upload-Offset")).hasValue(end);
        acknowledged = end;
        declared |= end == length();
        phase = ClientPhase.IDLE;
    }

    /** Other bytes than the checksum's: refused, unless a kill comes first, and never to be seen. */
    private void lie(URI known, long from, long end, List<String> headers) throws Exception {
        GeneratedContent other = new GeneratedContent(~content.seed(), length());
        bodyEnd.set(from);
        HttpResponse<String> answer = patch(known, publisher(other, from, end, true), headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(460);
        sent.set(from);
    }

    private HttpResponse<String> patch(URI known, BodyPublisher body, List<String> headers)
            throws IOException, InterruptedException, KilledException {
        phase = ClientPhase.BODY;
        return server.send("PATCH", known, body, headers.toArray(String[]::new));
    }

    private long upTo(long from, long bytes) {
        return Math.min(length(), from + bytes);
    }

    private BodyPublisher body(long from, long end, boolean sized) {
        bodyEnd.set(end);
        return publisher(content, from, end, sized);
    }

    private BodyPublisher publisher(GeneratedContent bytes, long from, long end, boolean sized) {
        if (from == end) {
            return BodyPublishers.noBody();
        }
        BodyPublisher streamed = BodyPublishers.ofInputStream(
                () -> bytes.stream(from, end, position -> sent.accumulateAndGet(position, Math::max)));
        return sized ? BodyPublishers.fromPublisher(streamed, end - from) : streamed;
    }

    private String checksum(long from, long end) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = content.stream(from, end, position -> {})) {
            byte[] block = new byte[64 << 10];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
            }
        }
        return "sha256 " + Base64.getEncoder().encodeToString(digest.digest());
    }

    @Override
    public String toString() {
        return kind + (partial ? " partial " : " ") + url + " acknowledged=" + acknowledged + " sent=" + sent
                + " length=" + length();
    }
}
