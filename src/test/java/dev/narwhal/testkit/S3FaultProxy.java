package dev.narwhal.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in front of an S3 server that knows which call a request is, and spoils what it is told to. One connection serves
 * one request, so that a reset hits nobody else. Requests are passed on byte by byte, with the client's signature and Host.
 * Safe for use by many threads.
 */
public final class S3FaultProxy implements AutoCloseable {

    private static final int BACKLOG = 64;
    private static final Pattern NO_HOP = Pattern.compile("(?i)^(connection|expect):.*");

    /** What happens to a request. */
    public enum Fault {
        INTERNAL_ERROR,
        SLOW_DOWN,
        SLOW_DOWN_RETRY_AFTER,
        ACCESS_DENIED,
        NO_SUCH_BUCKET,
        /** The store never hears of it. */
        RESET,
        /** The store does it; its answer does not arrive. */
        LOST_ANSWER,
        /** The store does it; its answer ends in the middle. */
        TRUNCATED_ANSWER,
        /** The store never hears of it, and the client hears nothing. */
        SILENCE,
        /** The store does it, and is silent in the middle of its answer. */
        SILENT_ANSWER,
        /** The store does it, and not a byte of its answer arrives. */
        HELD_ANSWER,
        /** The store's 200 has an error in its body: what CompleteMultipartUpload may answer. */
        ERROR_IN_SUCCESS,
        /** Each ETag in the answer is another than the store's. */
        WRONG_ETAG,
        /** Each CRC32 in the answer is another than the store's. */
        WRONG_CHECKSUM,
        /** The body is another than the client's when the store gets it. */
        DAMAGED_BODY,
        /** What the store says of a body that does not fit its checksum. */
        BAD_DIGEST,
        /** The store does it twice, as behind a proxy that tries again; the client hears of the second time. */
        REPEATED_REQUEST,
        /** The answer comes twice over a connection that stays open. */
        REPEATED_ANSWER,
        /** The first part in the answer is missing. */
        MISSING_PART,
        /** What a completion is told when the store has lost a part. */
        INVALID_PART
    }

    private final URI server;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final Set<String> completed = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> objectsMade = new ConcurrentHashMap<>();
    private final AtomicInteger silent = new AtomicInteger();
    private volatile Predicate<String> refused = target -> false;
    private volatile BiFunction<String, Integer, @Nullable Fault> plan = (operation, occurrence) -> null;

    private S3FaultProxy(URI server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    public static S3FaultProxy to(URI server) throws IOException {
        S3FaultProxy proxy = new S3FaultProxy(server);
        Thread.ofVirtual().name("s3-fault-proxy").start(proxy::acceptAll);
        return proxy;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /**
     * From now on, and counting anew.
     *
     * @param faults of a call, such as {@code UploadPart}, and its occurrence, from 1: what happens to it, null for nothing
     */
    public void spoil(BiFunction<String, Integer, @Nullable Fault> faults) {
        seen.clear();
        written.clear();
        plan = faults;
    }

    /**
     * From now on every call is answered 403 SignatureDoesNotMatch whose target is one of these, as stores do that sign some
     * characters differently.
     *
     * @param targets path and query as in the request, encoded
     */
    public void refuse(Predicate<String> targets) {
        refused = targets;
    }

    /** How often the store has made an object, since the faults were set. */
    public int writes() {
        return written.size();
    }

    /** How often the store has made the object of each path, {@code /bucket/key}, since the start. */
    public Map<String, Integer> objectsMade() {
        return Map.copyOf(objectsMade);
    }

    /** True while a client waits for an answer that is held back, or that the store will never give. */
    public boolean isHolding() {
        return silent.get() > 0;
    }

    public void mend() {
        spoil((operation, occurrence) -> null);
    }

    /** The calls since the faults were set, in order. */
    public List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(S3FaultProxy::reset);
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Only when it was closed.
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            String call = operation(head);
            @Nullable Fault fault = faultOf(call);
            if (fault == Fault.RESET) {
                reset(client);
                return;
            }
            if (head.toLowerCase(Locale.ROOT).contains("\r\nexpect: 100-continue")) {
                client.getOutputStream().write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
            }
            byte[] body = client.getInputStream().readNBytes(contentLength(head));
            if (refused.test(head.split(" ")[1])) {
                client.getOutputStream()
                        .write(error("403 Forbidden", "SignatureDoesNotMatch", "", head.startsWith("HEAD")));
            } else if (body.length == contentLength(head)) {
                answer(client, head, body, fault);
            }
        } catch (IOException e) {
            // The client has given up, or one of the two sides is gone: that is what clients have to live with.
        } finally {
            open.remove(client);
        }
    }

    private @Nullable Fault faultOf(String call) {
        synchronized (seen) {
            seen.add(call);
            return plan.apply(call, (int) seen.stream().filter(call::equals).count());
        }
    }

    private void answer(Socket client, String head, byte[] body, @Nullable Fault fault) throws IOException {
        if (fault == Fault.SILENCE) {
            awaitEnd(client);
            return;
        }
        byte @Nullable [] instead = instead(fault, head.startsWith("HEAD"));
        byte[] answer = instead != null
                ? instead
                : forward(head, fault == Fault.DAMAGED_BODY ? SpoiledAnswer.damaged(body) : body);
        if (instead == null && isSuccess(answer)) {
            countWrite(head);
        }
        if (fault == Fault.REPEATED_REQUEST) {
            answer = forward(head, body);
            if (isSuccess(answer)) {
                countWrite(head);
            }
        }
        OutputStream out = client.getOutputStream();
        if (fault == null || instead != null) {
            out.write(answer);
            return;
        }
        switch (fault) {
            case LOST_ANSWER -> reset(client);
            case TRUNCATED_ANSWER -> {
                out.write(answer, 0, middle(answer));
                out.flush();
            }
            case SILENT_ANSWER -> {
                out.write(answer, 0, middle(answer));
                out.flush();
                awaitEnd(client);
            }
            case HELD_ANSWER -> awaitEnd(client);
            case WRONG_ETAG -> out.write(SpoiledAnswer.withOtherEtags(answer));
            case WRONG_CHECKSUM -> out.write(SpoiledAnswer.withOtherChecksums(answer));
            case MISSING_PART -> out.write(SpoiledAnswer.withoutAPart(answer));
            case REPEATED_REQUEST, DAMAGED_BODY -> out.write(answer);
            case REPEATED_ANSWER -> {
                byte[] open = SpoiledAnswer.kept(answer);
                out.write(open);
                out.write(open);
                out.flush();
                awaitEnd(client);
            }
            default -> throw new IllegalStateException("Not a fault of answers: " + fault);
        }
    }

    /** A completion that is asked for again says again what it has done; a second PutObject is a second object. */
    private void countWrite(String head) {
        String target = head.split(" ")[1];
        switch (operation(head)) {
            case "PutObject" -> {
                written.add(target + " " + written.size());
                countObject(target);
            }
            case "CompleteMultipartUpload" -> {
                if (!written.contains(target)) {
                    written.add(target);
                }
                if (completed.add(target)) {
                    countObject(target);
                }
            }
            default -> {
                // It makes no object.
            }
        }
    }

    private void countObject(String target) {
        objectsMade.merge(URI.create(target).getPath(), 1, Integer::sum);
    }

    private static boolean isSuccess(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        return text.startsWith("HTTP/1.1 200") && !text.contains("<Error>");
    }

    /** Within the body where there is one, else within the headers. */
    private static int middle(byte[] answer) {
        int body = new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        return body < answer.length ? body + (answer.length - body) / 2 : answer.length / 2;
    }

    private static byte @Nullable [] instead(@Nullable Fault fault, boolean bare) {
        if (fault == null) {
            return null;
        }
        return switch (fault) {
            case INTERNAL_ERROR -> error("500 Internal Server Error", "InternalError", "", bare);
            case SLOW_DOWN -> error("503 Slow Down", "SlowDown", "", bare);
            case SLOW_DOWN_RETRY_AFTER -> error("503 Slow Down", "SlowDown", "Retry-After: 7\r\n", bare);
            case ACCESS_DENIED -> error("403 Forbidden", "AccessDenied", "", bare);
            case NO_SUCH_BUCKET -> error("404 Not Found", "NoSuchBucket", "", bare);
            case BAD_DIGEST -> error("400 Bad Request", "BadDigest", "", bare);
            case INVALID_PART -> error("400 Bad Request", "InvalidPart", "", bare);
            case ERROR_IN_SUCCESS -> error("200 OK", "InternalError", "", bare);
            default -> null;
        };
    }

    private static byte[] error(String status, String code, String header, boolean bare) {
        String body = bare
                ? ""
                : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code
                        + "</Code><Message>made up</Message><RequestId>1</RequestId></Error>";
        return ascii("HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\n" + header + "Content-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body);
    }

    private byte[] forward(String head, byte[] body) throws IOException {
        try (Socket store = new Socket(server.getHost(), server.getPort())) {
            StringBuilder request = new StringBuilder();
            for (String line : head.split("\r\n")) {
                if (!NO_HOP.matcher(line).matches()) {
                    request.append(line).append("\r\n");
                }
            }
            OutputStream out = store.getOutputStream();
            out.write(request.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return store.getInputStream().readAllBytes();
        }
    }

    private void awaitEnd(Socket client) throws IOException {
        silent.incrementAndGet();
        try {
            var unused = client.getInputStream().read();
        } finally {
            silent.decrementAndGet();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It was closed before.
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        byte[] end = ascii("\r\n\r\n");
        int matched = 0;
        while (matched < end.length) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            matched = next == end[matched] ? matched + 1 : next == end[0] ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static int contentLength(String head) {
        return Arrays.stream(head.split("\r\n"))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .map(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    /** The call that a request is, as S3's documentation names it. */
    private static String operation(String head) {
        String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
        URI target = URI.create(line[1]);
        String query = "&" + (target.getRawQuery() == null ? "" : target.getRawQuery());
        boolean multipart = query.contains("&uploadId=");
        boolean object = target.getRawPath().indexOf('/', 1) > 0;
        return switch (line[0]) {
            case "PUT" -> multipart ? "UploadPart" : object ? "PutObject" : "CreateBucket";
            case "POST" -> multipart ? "CompleteMultipartUpload" : "CreateMultipartUpload";
            case "HEAD" -> object ? "HeadObject" : "HeadBucket";
            case "GET" -> multipart ? "ListParts" : query.contains("&uploads") ? "ListMultipartUploads" : "GetObject";
            case "DELETE" -> multipart ? "AbortMultipartUpload" : "DeleteObject";
            default -> line[0];
        };
    }
}
