package dev.narwhal.conformance;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.ServerInProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The server that is tested: the one at {@code -Dtus.url}, or a Narwhal that lives as long as the tests' JVM. */
final class TusServer {

    private static final @Nullable String URL = System.getProperty("tus.url");

    /** Why a test is not run against a server that never made the promise that it is about. */
    static final String OWN_PROMISE = "a promise of our own server, where tus leaves it open";

    /** Why a test is not run against a server that cannot be started with settings of the test's own. */
    static final String NEEDS_SETTINGS = "needs a server that is started, set up or killed by the test";

    private TusServer() {}

    static TusClient client() {
        return new TusClient(
                URL != null && !URL.isBlank()
                        ? URI.create(URL)
                        : ServerInProcess.shared().uploads());
    }

    /** True when {@code -Dtus.url} names a server that the tests neither start nor set up. */
    static boolean isForeign() {
        return URL != null && !URL.isBlank();
    }

    /** What the tested server says that it can do; asked once. */
    static Offer offer() {
        return Asked.OFFER;
    }

    /** Ends the test as one of something that this server does not have, unless the server is our own. */
    static void assumeOffered(String need) {
        Assumptions.assumeTrue(!isForeign() || offer().has(need), Offer.NOT_OFFERED + need);
    }

    /** Skips the test when the server is somebody else's: it needs one of its own, with its own settings. */
    static NarwhalProcess startOwn(Path dataDir, String... settings) throws IOException {
        assumeStartable();
        return NarwhalProcess.start(dataDir, settings);
    }

    static void assumeStartable() {
        Assumptions.assumeTrue(!isForeign(), NEEDS_SETTINGS);
    }

    /** Skips what we promise beyond tus when the server is somebody else's. */
    static void assumeOwn() {
        Assumptions.assumeTrue(!isForeign(), OWN_PROMISE);
    }

    private static final class Asked {

        static final Offer OFFER = Offer.of(client());
    }
}
