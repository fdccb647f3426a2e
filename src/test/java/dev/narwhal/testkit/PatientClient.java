package dev.narwhal.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client that goes on until its file is there, as stock clients do: after whatever failed it asks for the offset and sends
 * the rest. It fails, loudly, when a byte that was acknowledged is not there any more, when HEAD answers anything but an
 * offset or 423, and when a body is answered by what would make it give up.
 */
public final class PatientClient implements Callable<URI>, AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(423, 500, 503, 507);

    private final PlainTus tus = new PlainTus();
    private final URI files;
    private final byte[] content;
    private final int chunk;
    private final String name;
    private final Instant deadline;
    private final Map<String, Integer> answers = new TreeMap<>();
    private volatile long acknowledged;
    private volatile URI upload = URI.create("");

    /**
     * @param chunk bytes a body, at least 1
     * @param patience after which it fails
     */
    public PatientClient(URI files, String name, byte[] content, int chunk, Duration patience) {
        this.files = files;
        this.name = name;
        this.content = content.clone();
        this.chunk = chunk;
        this.deadline = Instant.now().plus(patience);
    }

    /** The bytes that the server has said are safe, up to now. */
    public long acknowledged() {
        return acknowledged;
    }

    /** The upload's URL; empty until it was created. */
    public URI upload() {
        return upload;
    }

    /** How often each method was answered by each status: {@code PATCH 507}; {@code PATCH -} for no answer. */
    public synchronized Map<String, Integer> answers() {
        return new TreeMap<>(answers);
    }

    /** @return the URL of the upload, whose every byte was acknowledged */
    @Override
    public URI call() throws InterruptedException {
        upload = create();
        while (acknowledged < content.length) {
            send();
        }
        return upload;
    }

    private URI create() throws InterruptedException {
        while (true) {
            HttpResponse<String> answer = asked("POST", () -> tus.tryCreate(files, content.length, name));
            if (answer != null && answer.statusCode() == 201) {
                return files.resolve(answer.headers().firstValue("Location").orElseThrow());
            }
            pause("POST", answer);
        }
    }

    private void send() throws InterruptedException {
        int from = (int) acknowledged;
        byte[] body = Arrays.copyOfRange(content, from, Math.min(content.length, from + chunk));
        HttpResponse<String> answer = asked("PATCH", () -> tus.patch(upload, from, body));
        if (answer != null && answer.statusCode() == 204) {
            acknowledge(answer);
        } else {
            pause("PATCH", answer);
            askForOffset();
        }
    }

    private void askForOffset() throws InterruptedException {
        while (true) {
            HttpResponse<String> answer = asked("HEAD", () -> tus.head(upload));
            if (answer != null && answer.statusCode() / 100 == 2) {
                acknowledge(answer);
                return;
            }
            if (answer != null && answer.statusCode() != 423) {
                throw new IllegalStateException("HEAD of " + upload + " answered " + answer.statusCode());
            }
            pause("HEAD", answer);
        }
    }

    private void acknowledge(HttpResponse<String> answer) {
        long offset = answer.headers().firstValueAsLong("Upload-Offset").orElseThrow();
        if (offset < acknowledged || offset > content.length) {
            throw new IllegalStateException(upload + " is at " + offset + " of " + content.length + ", but "
                    + acknowledged + " was acknowledged");
        }
        acknowledged = offset;
    }

    private interface Request {
        HttpResponse<String> send() throws IOException, InterruptedException;
    }

    private @Nullable HttpResponse<String> asked(String method, Request request) throws InterruptedException {
        try {
            HttpResponse<String> answer = request.send();
            count(method + " " + answer.statusCode());
            return answer;
        } catch (IOException e) {
            count(method + " -");
            return null;
        }
    }

    private synchronized void count(String what) {
        answers.merge(what, 1, Integer::sum);
    }

    private void pause(String method, @Nullable HttpResponse<String> answer) throws InterruptedException {
        if (answer != null && !WORTH_ANOTHER_TRY.contains(answer.statusCode())) {
            throw new IllegalStateException(
                    method + " of " + name + " answered " + answer.statusCode() + ": " + answer.body());
        }
        if (Instant.now().isAfter(deadline)) {
            throw new IllegalStateException(name + " is at " + acknowledged + " and out of patience: " + answers());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    @Override
    public void close() {
        tus.close();
    }
}
