package dev.narwhal.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What may be answered to a hostile request, whatever it was; and a tally of what was. For many threads. */
final class HostileAnswers {

    /** Every header that this server has any reason to send. */
    private static final Set<String> HEADERS = Set.of(
            "tus-resumable",
            "tus-version",
            "tus-extension",
            "tus-max-size",
            "tus-checksum-algorithm",
            "upload-offset",
            "upload-length",
            "upload-defer-length",
            "upload-metadata",
            "upload-concat",
            "upload-expires",
            "location",
            // Of Spring Security, in front of everything but the uploads.
            "expires",
            "pragma",
            "strict-transport-security",
            "x-frame-options",
            "x-xss-protection",
            "www-authenticate",
            "access-control-allow-origin",
            "access-control-allow-methods",
            "access-control-allow-headers",
            "access-control-expose-headers",
            "access-control-max-age",
            "vary",
            "x-content-type-options",
            "x-request-id",
            "content-type",
            "content-length",
            "content-disposition",
            "content-range",
            "content-security-policy",
            "cross-origin-opener-policy",
            "referrer-policy",
            "accept-patch",
            "accept-ranges",
            "etag",
            "last-modified",
            "cache-control",
            "date",
            "connection",
            "keep-alive",
            "transfer-encoding",
            "upgrade",
            "allow");

    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] ([0-9]{3})");
    private static final Pattern LEAK = Pattern.compile(
            "\\n\\s*at [a-z]+\\.|Exception|java\\.lang|org\\.apache|Caused by|<h1>HTTP Status|SQLSTATE");
    private static final Pattern SPLIT = Pattern.compile("[\\r\\n]X-Canary", Pattern.CASE_INSENSITIVE);

    /** The two of the five hundreds that are the client's fault. */
    private static final Set<Integer> CLIENTS_FAULT = Set.of(501, 505);

    private final Map<String, Map<Integer, Integer>> tally = new TreeMap<>();

    /** What is wrong with what the server said; empty when nothing is. */
    List<String> faults(String shape, String said) {
        List<String> faults = new ArrayList<>();
        if (LEAK.matcher(said).find()) {
            faults.add("tells of its inside");
        }
        if (SPLIT.matcher(said).find()) {
            faults.add("was split");
        }
        List<Integer> statuses = new ArrayList<>();
        STATUS.matcher(said).results().forEach(match -> {
            int status = Integer.parseInt(match.group(1));
            statuses.add(status);
            faults.addAll(faultsOf(shape, status, said.substring(match.start())));
        });
        count(shape, statuses);
        return faults;
    }

    private static List<String> faultsOf(String shape, int status, String answer) {
        List<String> faults = new ArrayList<>();
        if (status >= 500 && !CLIENTS_FAULT.contains(status) && !isCutBody(status, answer)) {
            faults.add("status " + status);
        }
        if (shape.equals(HostileGrammar.SOMEBODY_ELSES) && status < 400) {
            faults.add("lets in a stranger with " + status);
        }
        String head = answer.split("\r\n\r\n", 2)[0];
        head.lines()
                .skip(1)
                .map(line -> line.split(":", 2)[0])
                .filter(name -> !HEADERS.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> faults.add("the header " + name));
        return faults;
    }

    /** The sender ended before its body did: the one thing that a right client does, too, when its line breaks. */
    private static boolean isCutBody(int status, String answer) {
        return status == 503 && (answer.contains("\"BODY_CUT\"") || answer.contains("\"BODY_SILENT\""));
    }

    /** 0 stands for a connection that was ended without an answer in HTTP/1. */
    private synchronized void count(String shape, List<Integer> statuses) {
        Map<Integer, Integer> counts = tally.computeIfAbsent(shape, name -> new TreeMap<>());
        (statuses.isEmpty() ? List.of(0) : statuses).forEach(status -> counts.merge(status, 1, Integer::sum));
    }

    synchronized int count(int fromStatus, int toStatus) {
        return tally.values().stream()
                .flatMap(counts -> counts.entrySet().stream())
                .filter(entry -> entry.getKey() >= fromStatus && entry.getKey() <= toStatus)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    synchronized String table() {
        return tally.entrySet().stream()
                .map(entry -> "  " + entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("\n"));
    }
}
