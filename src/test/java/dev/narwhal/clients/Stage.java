package dev.narwhal.clients;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.DocumentedProxy;
import dev.narwhal.testkit.FaultProxy;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What all clients share: one server, a proxy before it, and one before an nginx before it. */
final class Stage implements AutoCloseable {

    private static final int MIB = 1 << 20;

    private final Path directory;
    private final List<Client> clients;
    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable FaultProxy beforeNginx;
    private @Nullable URI behindNginx;
    private @Nullable ServerDeath serverDeath;
    final AccessLog log;
    final NarwhalProcess server;
    final FaultProxy proxy;
    final PlainTus observer;

    /** @param clients that can be run here */
    Stage(Path directory, List<Client> clients) throws IOException {
        this.directory = directory;
        this.clients = clients;
        this.log = new AccessLog(directory.resolve("log"));
        List<String> settings = new ArrayList<>(log.settings());
        settings.add("--narwhal.tus.trusted-proxies=127.0.0.1");
        this.server = opened(NarwhalProcess.start(directory.resolve("data"), settings.toArray(String[]::new)));
        this.proxy = opened(FaultProxy.to(server.root()));
        this.observer = opened(new PlainTus());
    }

    /** The creation URL that the clients are given. */
    URI uploads() {
        return proxy.through(server.uploads());
    }

    /** The proxy between the clients and nginx, which is started when it is first asked for. */
    FaultProxy beforeNginx() throws IOException {
        if (beforeNginx == null) {
            DocumentedProxy nginx = opened(DocumentedProxy.Kind.NGINX.before(server, directory.resolve("nginx")));
            URI published = nginx.root().resolve("up" + server.uploads().getRawPath());
            beforeNginx = opened(FaultProxy.to(published));
            behindNginx = beforeNginx.through(published);
        }
        return beforeNginx;
    }

    /** The creation URL through {@link #beforeNginx}, below nginx's prefix. */
    URI uploadsBehindNginx() throws IOException {
        beforeNginx();
        return Objects.requireNonNull(behindNginx);
    }

    /** Happens when it is first asked for. */
    ServerDeath serverDeath() throws IOException {
        if (serverDeath == null) {
            serverDeath = opened(ServerDeath.of(clients, this));
        }
        return serverDeath;
    }

    /** Waits for the end of a driver; compares what is delivered, and removes it. */
    URI assertDelivered(ClientProcess process, Path file) throws IOException, InterruptedException {
        URI upload = process.awaitDone();
        DeliveredFiles delivered = DeliveredFiles.in(server.delivered());
        delivered.assertHolds(upload, file);
        Files.delete(delivered.await(upload));
        return upload;
    }

    /** A file of that size, always the same. */
    Path file(int size) throws IOException {
        Path file = directory.resolve(size + ".bin");
        if (!Files.exists(file)) {
            Random random = new Random(size);
            byte[] block = new byte[MIB];
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int left = size; left > 0; left -= MIB) {
                    random.nextBytes(block);
                    out.write(block, 0, Math.min(left, MIB));
                }
            }
        }
        return file;
    }

    /** A name for a file in which a client remembers its uploads. */
    Path newStore() throws IOException {
        return Files.createTempDirectory(directory, "store-").resolve("urls.json");
    }

    boolean offers(String extension) throws IOException, InterruptedException {
        return List.of(observer.options(server.uploads())
                        .headers()
                        .firstValue("Tus-Extension")
                        .orElse("")
                        .split(","))
                .contains(extension);
    }

    /** How much of these uploads has arrived, in all; an upload that cannot tell at the moment counts nothing. */
    long recorded(List<AccessLog.Request> creations) throws IOException, InterruptedException {
        long sum = 0;
        for (AccessLog.Request creation : creations) {
            String location = creation.location();
            HttpResponse<String> head =
                    observer.head(URI.create(server.uploads() + location.substring(location.lastIndexOf('/'))));
            sum += head.headers().firstValueAsLong("Upload-Offset").orElse(0);
        }
        return sum;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    @Override
    public void close() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }
}
