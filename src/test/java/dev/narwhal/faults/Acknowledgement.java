package dev.narwhal.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that the server has promised to a client.
 *
 * @param position of the answer among the events
 * @param upload the name that the client has for it
 * @param id the upload's
 * @param offset bytes that are safe; with {@code gone} of no meaning
 * @param gone whether the upload was terminated
 */
record Acknowledgement(int position, String upload, String id, long offset, boolean gone) {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    /**
     * All of a journal, in their order. A request of a {@link PowerLossWorkload} has an id that tells the upload and what was
     * asked for, which the answer repeats.
     */
    static List<Acknowledgement> in(List<DiskEvent> events) {
        List<Acknowledgement> found = new ArrayList<>();
        for (int at = 0; at < events.size(); at++) {
            if (events.get(at) instanceof DiskEvent.Answered answered) {
                of(at, answered.head(), found).ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }

    private static Optional<Acknowledgement> of(int at, String head, List<Acknowledgement> before) {
        Matcher status = STATUS.matcher(head);
        String request = header(head, "X-Request-ID").orElse("");
        if (!status.lookingAt() || !status.group(1).startsWith("2") || !request.contains("/")) {
            return Optional.empty();
        }
        String upload = request.substring(0, request.indexOf('/'));
        String id = header(head, "Location")
                .map(url -> url.substring(url.lastIndexOf('/') + 1))
                .orElseGet(() -> id(upload, before));
        long offset = header(head, "Upload-Offset").map(Long::parseLong).orElse(0L);
        return Optional.of(new Acknowledgement(at, upload, id, offset, request.endsWith("/DELETE")));
    }

    private static String id(String upload, List<Acknowledgement> before) {
        return before.stream()
                .filter(earlier -> earlier.upload().equals(upload))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("An answer about " + upload + " before it was created"))
                .id();
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
