package dev.narwhal.operations;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client in the middle of a PATCH over a plain socket. Its first bytes are acknowledged before, and what comes back, or
 * that nothing does, is kept.
 */
final class UnfinishedUpload {

    /** How its body goes on. */
    enum Kind {
        /** A little, often. */
        SLOW,
        /** As much as the line takes, almost. */
        FAST,
        /** Half of it, then nothing more. */
        SILENT,
        /** A little, often, with a digest of the whole body before it. */
        CHECKSUMMED
    }

    private static final int ACKNOWLEDGED = 10_000;
    private static final int SMALL = 4 << 20;
    private static final int LARGE = 16 << 20;

    final Kind kind;
    final URI url;
    final byte[] content;
    volatile long sent = ACKNOWLEDGED;
    final CompletableFuture<String> answer = new CompletableFuture<>();

    private UnfinishedUpload(Kind kind, URI url, byte[] content) {
        this.kind = kind;
        this.url = url;
        this.content = content;
    }

    /** Creates it, has its first bytes acknowledged, and goes on by a PATCH in a thread of its own. */
    static UnfinishedUpload begin(PlainTus tus, URI files, Kind kind, int number) throws Exception {
        byte[] content = new byte[kind == Kind.FAST ? LARGE : SMALL];
        new Random(number).nextBytes(content);
        URI url = tus.create(files, content.length, "stopped-" + number + ".bin");
        if (tus.patch(url, 0, Arrays.copyOf(content, ACKNOWLEDGED)).statusCode() != 204) {
            throw new IllegalStateException("The first bytes were refused");
        }
        UnfinishedUpload upload = new UnfinishedUpload(kind, url, content);
        Thread.ofVirtual().start(upload::send);
        return upload;
    }

    long acknowledged() {
        return ACKNOWLEDGED;
    }

    Path expected(Path dir) throws IOException {
        return Files.write(Files.createTempFile(dir, "expected", ".bin"), content);
    }

    byte[] from(long offset) {
        return Arrays.copyOfRange(content, (int) offset, content.length);
    }

    private void send() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head().getBytes(US_ASCII));
            Thread.ofVirtual().start(() -> listen(socket));
            write(out);
            answer.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            // Broken off, as the test wants: what was sent is what counts. The listener may still find an answer.
            answer.completeOnTimeout("", 2, TimeUnit.SECONDS);
        }
    }

    private void write(OutputStream out) throws IOException {
        int piece = kind == Kind.FAST ? 64 << 10 : 4096;
        long until = kind == Kind.SILENT ? content.length / 2 : content.length;
        while (sent < until) {
            int length = (int) Math.min(piece, until - sent);
            out.write(content, (int) sent, length);
            sent += length;
            if (kind != Kind.SILENT) {
                pace();
            }
        }
        out.flush();
    }

    /** A line is slow by itself; nothing is waited for here. */
    private void pace() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    private void listen(Socket socket) {
        StringBuilder text = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                text.append(new String(buffer, 0, read, US_ASCII));
            }
        } catch (IOException e) {
            // A reset: what came before it is the answer.
        }
        answer.complete(text.toString());
    }

    private String head() {
        String checksum = checksum();
        return "PATCH " + url.getPath() + " HTTP/1.1\r\nHost: a\r\nTus-Resumable: 1.0.0\r\n"
                + "Content-Type: application/offset+octet-stream\r\n"
                + "Upload-Offset: " + ACKNOWLEDGED + "\r\n"
                + (checksum == null ? "" : "Upload-Checksum: sha256 " + checksum + "\r\n")
                + "Content-Length: " + (content.length - ACKNOWLEDGED) + "\r\n\r\n";
    }

    private @Nullable String checksum() {
        if (kind != Kind.CHECKSUMMED) {
            return null;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(from(ACKNOWLEDGED));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
