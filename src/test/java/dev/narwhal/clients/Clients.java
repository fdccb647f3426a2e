package dev.narwhal.clients;

import static dev.narwhal.clients.Scenario.CHECKSUM;
import static dev.narwhal.clients.Scenario.CLIENT_KILLED;
import static dev.narwhal.clients.Scenario.CONNECTION_RESET;
import static dev.narwhal.clients.Scenario.DATA_DURING_CREATION;
import static dev.narwhal.clients.Scenario.DEFERRED_LENGTH;
import static dev.narwhal.clients.Scenario.EMPTY;
import static dev.narwhal.clients.Scenario.METHOD_OVERRIDE;
import static dev.narwhal.clients.Scenario.PARALLEL;
import static dev.narwhal.clients.Scenario.PARALLEL_CLIENT_KILLED;
import static dev.narwhal.clients.Scenario.PARALLEL_RESET;
import static dev.narwhal.clients.Scenario.TERMINATION;

import java.io.File;
import java.nio.file.Path;
import java.util.List;

/** The clients of the matrix: of each the newest release, and the oldest that is still in use. */
final class Clients {

    private static final Path SOURCES = Path.of("src", "test").toAbsolutePath();
    private static final Path BUILT = Path.of("target", "clients").toAbsolutePath();

    private Clients() {}

    static List<Client> all() {
        return List.of(
                tusJs("5.0.0-pre2", "tus-js-client-5"),
                tusJs("4.3.1", "tus-js-client"),
                tusJs("3.1.3", "tus-js-client-3"),
                tusJs("2.3.2", "tus-js-client-2"),
                tusJs("1.8.0", "tus-js-client-1")
                        .cannot(
                                "1.x sends one request after the other",
                                PARALLEL,
                                PARALLEL_RESET,
                                PARALLEL_CLIENT_KILLED)
                        .remark("for a file on Node it needs a `fingerprint` function of yours", CLIENT_KILLED),
                tuspy("1.1.0"),
                tuspy("0.2.5"),
                tusJava("0.5.1"),
                tusJava("0.4.0"),
                rust(),
                goTus(),
                tusGo(),
                curl());
    }

    private static Client tusJs(String release, String module) {
        Path node = SOURCES.resolve("node");
        return Client.of(
                        "tus-js-client " + release,
                        node.resolve("node_modules").resolve(module),
                        "node",
                        node.resolve("driver.js").toString())
                .withEnvironment("TUS_CLIENT", module)
                .cannot("it computes no digests", CHECKSUM);
    }

    private static Client tuspy(String release) {
        Path python = BUILT.resolve("tuspy-" + release).resolve("bin").resolve("python");
        return Client.of(
                        "tuspy " + release,
                        python,
                        python.toString(),
                        SOURCES.resolve("python").resolve("driver.py").toString())
                .cannot("it has no call for it", TERMINATION)
                .cannot(
                        "it sends `Upload-Length` and PATCH only",
                        DATA_DURING_CREATION,
                        DEFERRED_LENGTH,
                        METHOD_OVERRIDE)
                .cannot("it sends one request after the other", PARALLEL, PARALLEL_RESET, PARALLEL_CLIENT_KILLED);
    }

    private static Client tusJava(String release) {
        Path jar = BUILT.resolve("java").resolve("tus-java-client-" + release + ".jar");
        String classPath = Path.of("target", "test-classes").toAbsolutePath() + File.pathSeparator + jar;
        return Client.of(
                        "tus-java-client " + release,
                        jar,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        TusJavaDriver.class.getName())
                .cannot("it has no call for it", TERMINATION)
                .cannot("it computes no digests", CHECKSUM)
                .cannot(
                        "it always sends `Upload-Length`, and the data in requests of their own",
                        DATA_DURING_CREATION,
                        DEFERRED_LENGTH)
                .cannot("it sends one request after the other", PARALLEL, PARALLEL_RESET, PARALLEL_CLIENT_KILLED)
                .remark("on a JVM it always does so", METHOD_OVERRIDE)
                .remark("its URL store lives in memory; the URL is kept by the program", CLIENT_KILLED);
    }

    private static Client rust() {
        Path driver = BUILT.resolve("rust").resolve("release").resolve("tus-client-driver");
        return Client.of("tus_client 0.1.1 (Rust)", driver, driver.toString())
                .cannot("it sends `Upload-Length` and PATCH only", DATA_DURING_CREATION, DEFERRED_LENGTH)
                .cannot("it computes no digests", CHECKSUM)
                .cannot("it sends one request after the other", PARALLEL, PARALLEL_RESET, PARALLEL_CLIENT_KILLED)
                .remark("`upload` of an empty file is an error of the client's; the creation has completed it", EMPTY)
                .remark(
                        "the program calls `upload` again; the URL is kept by the program",
                        CONNECTION_RESET,
                        CLIENT_KILLED)
                .remark("the header says `Patch`, not `PATCH`", METHOD_OVERRIDE);
    }

    private static Client go(String name, String module) {
        Path driver = BUILT.resolve("go").resolve("tus-client-driver");
        return Client.of(name, driver, driver.toString()).withEnvironment("TUS_CLIENT", module);
    }

    private static Client goTus() {
        return go("go-tus 05d0564 (Go)", "go-tus")
                .cannot("it has no call for it", TERMINATION)
                .cannot("it sends `Upload-Length` and PATCH only", DATA_DURING_CREATION, DEFERRED_LENGTH)
                .cannot("it computes no digests", CHECKSUM)
                .cannot("it sends one request after the other", PARALLEL, PARALLEL_RESET, PARALLEL_CLIENT_KILLED)
                .remark("the program calls `CreateOrResumeUpload` again", CONNECTION_RESET)
                .remark("by its `leveldbstore`, which must not be closed: its `Close` calls itself", CLIENT_KILLED);
    }

    private static Client tusGo() {
        return go("tusgo 0.1.2 (Go)", "tusgo")
                .remark("`CreateUpload` of an empty file panics; `CreateUploadWithData` takes it", EMPTY)
                .remark("by `ForceClean`, `Sync`, `Seek` in the file, and `ReadFrom` again", CONNECTION_RESET)
                .remark("the URL is kept by the program", CLIENT_KILLED)
                .remark("by its hook `GetRequest`", METHOD_OVERRIDE);
    }

    private static Client curl() {
        Path driver = SOURCES.resolve("curl").resolve("driver.sh");
        return Client.of("curl", driver, "bash", driver.toString())
                .remark("by a loop around HEAD and `-C`", CONNECTION_RESET, CLIENT_KILLED)
                .remark("the length goes with an empty PATCH at the end", DEFERRED_LENGTH)
                .remark("the digest of the whole file in one PATCH", CHECKSUM)
                .remark("by `split`, one curl each", PARALLEL, PARALLEL_RESET, PARALLEL_CLIENT_KILLED);
    }
}
