package dev.narwhal.testkit;

/**
 * What a client sent in one PATCH through a {@link FaultProxy}, whether it arrived or not.
 *
 * @param path of the upload
 * @param began {@link System#nanoTime()} of its head
 * @param offset where the client began
 * @param bytes after the head, with the framing of chunks
 * @param fault the last that struck while it was sent or answered, by its name; empty when none did
 */
public record SentBody(String path, long began, long offset, long bytes, String fault) {

    SentBody with(long more) {
        return new SentBody(path, began, offset, bytes + more, fault);
    }

    SentBody struckBy(String kind) {
        return new SentBody(path, began, offset, bytes, kind);
    }
}
