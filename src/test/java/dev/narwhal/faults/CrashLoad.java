package dev.narwhal.faults;

import dev.narwhal.testkit.GeneratedContent;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of every kind that send one file after the other, all at the same time, until they are told that it is enough. */
final class CrashLoad implements AutoCloseable {

    /** What is begun between two kills; when the bytes are used up files are tiny, so that nothing fills a disk. */
    private static final long BYTES = 120L << 20;

    private static final int FILES = 200;

    private static final int TINY = 16 << 10;
    private static final List<UploadKind> PLACES = List.of(
            UploadKind.PLAIN,
            UploadKind.PLAIN,
            UploadKind.WITH_CREATION,
            UploadKind.STREAMING,
            UploadKind.CHUNKED,
            UploadKind.CHUNKED,
            UploadKind.DEFERRED,
            UploadKind.CHECKSUMMED,
            UploadKind.CONCATENATED);

    private final CrashedServer server;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Void>> running = new ArrayList<>();
    private final Map<String, GeneratedContent> contents = new ConcurrentHashMap<>();
    private final Map<URI, String> home = new ConcurrentHashMap<>();
    private final List<StubbornUpload> uploads = new CopyOnWriteArrayList<>();
    private final Semaphore files = new Semaphore(0);
    private final AtomicLong left = new AtomicLong(BYTES);
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean enough;

    CrashLoad(CrashedServer server, Random luck) {
        this.server = server;
        for (UploadKind kind : PLACES) {
            long seed = luck.nextLong();
            running.add(clients.submit(() -> {
                sendUntilEnough(kind, new Random(seed));
                return (Void) null;
            }));
        }
    }

    private void sendUntilEnough(UploadKind kind, Random luck) throws Exception {
        while (true) {
            files.acquire();
            if (enough) {
                return;
            }
            // Large files are few, and only a store takes them in parts.
            boolean stored = luck.nextInt(4) < (kind == UploadKind.STREAMING ? 3 : 2);
            String to = stored ? CrashedServer.TO_STORE : CrashedServer.TO_DIRECTORY;
            String name = numbers.incrementAndGet() + "-" + kind + "-" + to + ".bin";
            GeneratedContent content = new GeneratedContent(luck.nextLong(), size(kind, luck));
            contents.put(name, content);
            if (kind == UploadKind.CONCATENATED) {
                ConcatenatedUpload upload = new ConcatenatedUpload(server, content, name, to, luck.nextLong());
                uploads.addAll(upload.partials());
                home.put(upload.bringHome(), name);
            } else {
                StubbornUpload upload = new StubbornUpload(server, kind, content, name, to, luck.nextLong());
                uploads.add(upload);
                upload.bringHome();
                home.put(upload.create(), name);
            }
        }
    }

    private long size(UploadKind kind, Random luck) {
        long wanted = kind == UploadKind.STREAMING
                ? kind.largest() / 4 + luck.nextLong(kind.largest() * 3L / 4)
                : 1 + luck.nextLong(luck.nextInt(6) == 0 ? TINY : kind.largest());
        return left.addAndGet(-wanted) > 0 ? wanted : 1 + wanted % TINY;
    }

    /** Fails as soon as one of the clients has seen what must not be. */
    void requireUnharmed() throws Exception {
        for (Future<Void> client : running) {
            if (client.isDone()) {
                client.get();
            }
        }
    }

    /** Clients may begin that many new files. */
    void goOn() {
        left.set(BYTES);
        files.drainPermits();
        files.release(FILES);
    }

    /** Each client brings home what it has begun. */
    void finish() throws Exception {
        enough = true;
        files.release(PLACES.size());
        for (Future<Void> client : running) {
            client.get(2, TimeUnit.MINUTES);
        }
    }

    /** What the server has acknowledged to the last byte, partials left out, by URL: the name of its content. */
    Map<URI, String> home() {
        return Map.copyOf(home);
    }

    Map<String, GeneratedContent> contents() {
        return Map.copyOf(contents);
    }

    /** How many clients are doing what. */
    Map<ClientPhase, Integer> phases() {
        Map<ClientPhase, Integer> phases = new EnumMap<>(ClientPhase.class);
        uploads.stream()
                .map(StubbornUpload::phase)
                .filter(phase -> phase != ClientPhase.DONE)
                .forEach(phase -> phases.merge(phase, 1, Integer::sum));
        return phases;
    }

    long sentAgainAtMost() {
        return uploads.stream().mapToLong(StubbornUpload::sentAgain).max().orElse(0);
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }
}
