package dev.narwhal.testkit;

import dev.narwhal.testkit.NetworkFault.Kind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Draws the faults of a bad network, and counts those that struck. Safe for use by many threads. */
public final class NetworkLuck {

    private static final Kind[] KINDS = Kind.values();
    private static final int FEW_BYTES = 2000;
    private static final int MOST_OF_ANSWER = 600;
    private static final int STATUS_LINE = 14;
    private static final int FIRST_LINES = 100;
    private static final int SLOWEST = 10_000;
    private static final int FASTEST = 200_000;
    private static final int TRICKLE = 20;
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Where answers may be cut, which depends on who reads them. */
    public enum Cuts {
        /** Anywhere, by RST or FIN. */
        ANYWHERE,
        /**
         * Anywhere by RST; a FIN comes before the answer, or after its first lines. For who takes the end of a connection for the
         * end of a head, and half a number for the whole.
         */
        NO_FIN_IN_FIRST_LINES,
        /**
         * Neither between the status line and the end of the first header, which are Upload-Offset, or Location. For who takes the
         * lines that came for the whole head even after a RST: Java's HttpURLConnection.
         */
        NOT_IN_FIRST_LINES
    }

    private final Random random;
    private final int between;
    private final Duration longest;
    private final Cuts cuts;
    private final Map<Kind, Integer> struck = new EnumMap<>(Kind.class);

    /**
     * @param between bytes that a client gets through between two faults, on average
     * @param longest how long a stall or a slow time may last; the shortest lasts 1 s, or as long
     */
    public NetworkLuck(Random random, int between, Duration longest, Cuts cuts) {
        this.random = random;
        this.between = between;
        this.longest = longest;
        this.cuts = cuts;
    }

    /** One in ten strikes where there are only heads: a creation, a HEAD, the beginning of a PATCH. */
    synchronized NetworkFault draw() {
        long after = random.nextInt(10) == 0 ? random.nextInt(FEW_BYTES) : FEW_BYTES + random.nextInt(2 * between);
        int shortest = (int) Math.min(SHORTEST.toMillis(), longest.toMillis());
        int millis = random.nextInt(shortest, (int) longest.toMillis() + 1);
        Kind kind = KINDS[random.nextInt(KINDS.length)];
        return new NetworkFault(kind, after, within(kind), Duration.ofMillis(millis), random.nextInt(SLOWEST, FASTEST));
    }

    private int within(Kind kind) {
        boolean fin = kind == Kind.END_WITHIN_ANSWER;
        if (!fin && kind != Kind.CUT_ANSWER) {
            return 0;
        }
        if (cuts == Cuts.ANYWHERE || (!fin && cuts == Cuts.NO_FIN_IN_FIRST_LINES)) {
            return random.nextInt(MOST_OF_ANSWER);
        }
        boolean early = !fin && random.nextBoolean();
        return early ? random.nextInt(STATUS_LINE) : random.nextInt(FIRST_LINES, MOST_OF_ANSWER);
    }

    /** Bytes a second. */
    static int rateOf(NetworkFault fault) {
        return fault.kind() == Kind.TRICKLE ? TRICKLE : fault.rate();
    }

    synchronized void struck(NetworkFault fault) {
        struck.merge(fault.kind(), 1, Integer::sum);
    }

    /** How many of each kind struck, such as {@code {RESET=12, STALL=9}}. */
    public synchronized Map<String, Integer> struck() {
        Map<String, Integer> byName = new TreeMap<>();
        struck.forEach((kind, times) -> byName.put(kind.name(), times));
        return byName;
    }

    /** How many struck in all. */
    public synchronized int total() {
        return struck.values().stream().mapToInt(Integer::intValue).sum();
    }
}
