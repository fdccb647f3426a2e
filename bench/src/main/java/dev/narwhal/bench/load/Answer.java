package dev.narwhal.bench.load;

import java.nio.charset.StandardCharsets;

/** The head of an answer in its connection's buffer: valid until the connection reads the next one. */
public final class Answer {

    private final byte[] bytes;
    private int length;
    private int status;

    Answer(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param length of the head, with the empty line at its end */
    Answer at(int length) {
        this.length = length;
        this.status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
        return this;
    }

    public int status() {
        return status;
    }

    /**
     * @param name in lower case
     * @return null without such a header
     */
    public String header(String name) {
        for (int line = next(0); line < length - 2; line = next(line)) {
            int colon = line + name.length();
            if (colon < length && bytes[colon] == ':' && startsWith(line, name)) {
                return new String(bytes, colon + 1, next(line) - 2 - colon - 1, StandardCharsets.ISO_8859_1).strip();
            }
        }
        return null;
    }

    private int next(int line) {
        int at = line;
        while (at < length && bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private boolean startsWith(int line, String name) {
        for (int i = 0; i < name.length(); i++) {
            if ((bytes[line + i] | 0x20) != name.charAt(i) && bytes[line + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The whole head, for a message. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).strip();
    }
}
