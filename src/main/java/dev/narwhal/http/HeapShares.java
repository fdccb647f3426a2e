package dev.narwhal.http;

/**
 * The shares of the heap: half for bodies, a sixth for connections without a body, the rest for everything else. The
 * sizes were measured; {@code docs/operations.md} has the figures.
 *
 * @param heap bytes, the maximum heap of the JVM
 * @param bodies bytes that bodies may hold together
 */
public record HeapShares(long heap, long bodies) {

    /** A {@linkplain StraightBody straight} body over HTTP/1.1 with its connection. */
    static final long STRAIGHT_BODY = 40 << 10;

    /** Another body over HTTP/1.1 with its connection: chunked, or over TLS. The container keeps all its buffers. */
    static final long HTTP1_BODY = 112 << 10;

    /** A connection with an incomplete head. */
    static final long CONNECTION = 48 << 10;

    /** A body over HTTP/2, without its buffers. */
    private static final long HTTP2_BODY = 100 << 10;

    private static final int MOST_CONNECTIONS = 20_000;

    /** From this size on an array may occupy a whole region of the heap, of 1 MiB or more. */
    private static final long HUMONGOUS = 512 << 10;

    /** The shares of this JVM's heap. */
    public static HeapShares of(HttpProperties properties) {
        long heap = Runtime.getRuntime().maxMemory();
        long bodies = properties.bodyMemory() == null
                ? heap / 2
                : properties.bodyMemory().toBytes();
        return new HeapShares(heap, bodies);
    }

    /**
     * A body over HTTP/2: Tomcat makes two buffers of a window's size for it.
     *
     * @param window bytes
     */
    public static long http2Body(long window) {
        long buffer = window < HUMONGOUS ? window : window + 2 * HUMONGOUS;
        return 2 * buffer + HTTP2_BODY;
    }

    /** How many connections fit into the heap, when as many as possible send bodies and the others have none. */
    public int connections() {
        long most = bodies / STRAIGHT_BODY + heap / 6 / CONNECTION;
        return (int) Math.clamp(most, 100, MOST_CONNECTIONS);
    }
}
