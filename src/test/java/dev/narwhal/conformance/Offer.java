package dev.narwhal.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a server says that it can do, and whether it serves finished uploads by GET, which tus does not ask of it.
 *
 * @param extensions as in Tus-Extension
 * @param downloads GET of a finished upload gave as many bytes
 */
record Offer(List<String> extensions, boolean downloads) {

    /** What {@link Item#needs()} calls GET of a finished upload. */
    static final String DOWNLOAD = "download";

    /** How a reason begins that a test gives for not being run. */
    static final String NOT_OFFERED = "not offered: ";

    Offer {
        extensions = List.copyOf(extensions);
    }

    /** Asks the server; creates one upload of four bytes if that is possible. */
    static Offer of(TusClient tus) {
        try {
            RawResponse options = tus.send(RawRequest.of("OPTIONS", tus.creationUrl()));
            List<String> extensions = options.values("Tus-Extension").stream()
                    .flatMap(value -> Arrays.stream(value.split(",")))
                    .map(name -> name.strip().toLowerCase(Locale.ROOT))
                    .filter(name -> !name.isEmpty())
                    .toList();
            return new Offer(extensions, serves(tus));
        } catch (IOException e) {
            throw new UncheckedIOException("No answer from " + tus.creationUrl(), e);
        }
    }

    private static boolean serves(TusClient tus) throws IOException {
        RawResponse creation = tus.send(tus.post(4).body(""));
        if (creation.status() != 201 || creation.header("Location").isEmpty()) {
            return false;
        }
        URI upload = creation.location(tus.creationUrl());
        tus.send(tus.patch(upload, 0).body("tus?"));
        RawResponse answer = tus.get(upload);
        // Not what they are: a server that serves other bytes than it was sent must fail for it.
        return answer.status() == 200 && answer.body().length == 4;
    }

    boolean has(String need) {
        return need.equals(DOWNLOAD) ? downloads : extensions.contains(need);
    }

    /** Those of the needs that the server does not have. */
    List<String> missing(List<String> needs) {
        List<String> missing = new ArrayList<>(needs);
        missing.removeIf(this::has);
        return missing;
    }
}
