package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happened on one connection, for those who look at a failure or count what was sent in vain. It looks for heads of
 * requests where a piece of what a client has sent begins: clients send the next one when they have the answer to the last.
 */
final class LinkJournal {

    private static final Pattern HEAD =
            Pattern.compile("(POST|PATCH|HEAD|GET|DELETE|OPTIONS) (\\S+) HTTP/1\\.1\r\n(.*?)\r\n\r\n", Pattern.DOTALL);
    private static final Pattern OFFSET = Pattern.compile("(?i)^Upload-Offset: *(\\d+)", Pattern.MULTILINE);
    private static final int FIRST_LINES = 6;
    private static final int LINES = 18;
    private static final int LONGEST = 700;

    private final long began = System.nanoTime();
    private final List<String> first = new ArrayList<>();
    private final Deque<String> lines = new ArrayDeque<>();
    private final List<SentBody> bodies = new ArrayList<>();
    private boolean inBody;

    synchronized void sent(byte[] piece, int length) {
        Matcher head = HEAD.matcher(new String(piece, 0, Math.min(length, 4 * LONGEST), ISO_8859_1));
        int ofHead = 0;
        if (head.lookingAt()) {
            ofHead = head.end();
            Matcher offset = OFFSET.matcher(head.group(3));
            inBody = offset.find();
            if (inBody) {
                bodies.add(new SentBody(head.group(2), System.nanoTime(), Long.parseLong(offset.group(1)), 0, ""));
            }
            note("> " + head.group(1) + " " + head.group(2) + " " + head.group(3));
        }
        if (inBody) {
            bodies.add(bodies.removeLast().with(length - ofHead));
        }
        note("> " + (length - ofHead) + " bytes of a body");
    }

    /** From the server, to be passed on, thrown away, or cut. */
    synchronized void answered(byte[] piece, int length) {
        note("< " + new String(piece, 0, Math.min(length, LONGEST), ISO_8859_1));
    }

    /** To the client. */
    synchronized void passedOn(int bytes) {
        note("< " + bytes + " bytes of it passed on");
    }

    synchronized void struck(NetworkFault fault) {
        note(fault.toString());
        if (inBody) {
            bodies.add(bodies.removeLast().struckBy(fault.kind().name()));
        }
    }

    synchronized void note(String event) {
        String line = event.strip().replace("\r\n", " | ");
        String timed = (System.nanoTime() - began) / 1_000_000 + " ms  " + line;
        if (first.size() < FIRST_LINES) {
            first.add(timed);
            return;
        }
        lines.add(timed);
        if (lines.size() > LINES) {
            lines.removeFirst();
        }
    }

    synchronized List<SentBody> bodies() {
        return List.copyOf(bodies);
    }

    @Override
    public synchronized String toString() {
        return String.join("\n  ", first) + "\n  ...\n  " + String.join("\n  ", lines);
    }
}
