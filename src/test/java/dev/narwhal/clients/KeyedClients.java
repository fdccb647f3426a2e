package dev.narwhal.clients;

import dev.narwhal.testkit.FaultProxy;
import dev.narwhal.testkit.NarwhalProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * One upload of each of these clients at the same time, through a proxy each, to a server that wants a key. The drivers have one
 * protocol:
 *
 * <pre>
 * KEY            it wants a key: to begin with, and whenever the server has refused the last one; reads one from its standard
 *                input, where an empty line says that there is none any more
 * DONE url       at the end
 * FAILED reason  at the end
 * </pre>
 *
 * <p>Each sends {@link #CHUNK} bytes in a request.
 */
final class KeyedClients implements AutoCloseable {

    static final int CHUNK = 512 * 1024;

    private static final Path SOURCES = Path.of("src", "test").toAbsolutePath();
    private static final Path BUILT = Path.of("target", "clients").toAbsolutePath();
    private static final int TRIES = 20;

    private final List<One> all = new ArrayList<>();

    private KeyedClients() {}

    /** Returns when all of them want a key. */
    static KeyedClients start(NarwhalProcess server, Path file) throws IOException {
        KeyedClients clients = new KeyedClients();
        String node = SOURCES.resolve("node").resolve("access.js").toString();
        String python = BUILT.resolve("tuspy-1.1.0/bin/python").toString();
        String classes = TusJavaAccessDriver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        Path jar = BUILT.resolve("java/tus-java-client-0.5.1.jar");
        clients.add("tus-js-client", server, file, Map.of("TUS_CLIENT", "tus-js-client"), "node", node);
        clients.add("tus-js-client-5", server, file, Map.of("TUS_CLIENT", "tus-js-client-5"), "node", node);
        clients.add("uppy", server, file, Map.of(), "node", node);
        clients.add(
                "tuspy",
                server,
                file,
                Map.of(),
                python,
                SOURCES.resolve("python/access.py").toString());
        clients.add(
                "tus-java-client",
                server,
                file,
                Map.of(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + File.pathSeparator + jar,
                TusJavaAccessDriver.class.getName());
        clients.awaitWanted();
        return clients;
    }

    private void add(String name, NarwhalProcess server, Path file, Map<String, String> environment, String... command)
            throws IOException {
        FaultProxy proxy = FaultProxy.to(server.root());
        List<String> words = new ArrayList<>(List.of(command));
        words.add(file.toString());
        words.add(proxy.through(server.uploads()).toString());
        all.add(new One(
                name, proxy, new ClientProcess(SOURCES.resolve("node"), environment, words.toArray(String[]::new))));
    }

    List<One> all() {
        return all;
    }

    /** Of each client that many bytes pass from now on. */
    void holdAfter(long bytes) {
        all.forEach(one -> one.proxy.holdAfter(bytes));
    }

    void awaitHeld() {
        Awaitility.await("each client is held").until(() -> all.stream().allMatch(one -> one.proxy.isHolding()));
    }

    void letGo() {
        all.forEach(one -> one.proxy.countAnew());
    }

    void awaitWanted() throws IOException {
        for (One one : all) {
            one.process.awaitLine("KEY");
        }
    }

    void give(String key) throws IOException {
        for (One one : all) {
            one.process.writeLine(key);
        }
    }

    /** There is no key any more, however often they ask. */
    void giveNone() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            give("");
        }
    }

    @Override
    public void close() throws IOException {
        for (One one : all) {
            one.process.close();
            one.proxy.close();
        }
    }

    record One(String name, FaultProxy proxy, ClientProcess process) {

        @Override
        public String toString() {
            return name;
        }
    }
}
