package dev.narwhal.faults;

import static dev.narwhal.faults.HostileWords.any;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/** Draws requests that no client means: one broken rule each, or a few, in what is else a right request. */
final class HostileGrammar {

    /** What must never succeed, nor tell that there is such an upload. */
    static final String SOMEBODY_ELSES = "somebody else's";

    private static final String RIGHT_LINE = "HTTP/1.1";
    private static final int MOST_HEADERS = 4000;

    /** @param shape which rule it breaks, for the tally */
    record Shot(String shape, byte[] bytes) {}

    private record Shape(String name, Supplier<String> draw) {}

    private final Random luck;
    private final HostileTargets targets;
    private final List<Shape> shapes;

    HostileGrammar(Random luck, HostileTargets targets) {
        this.luck = luck;
        this.targets = targets;
        this.shapes = shapes();
    }

    private List<Shape> shapes() {
        return List.of(
                new Shape("method", () -> request(any(HostileWords.METHODS, luck), path(), RIGHT_LINE, "", "")),
                new Shape("method override", this::override),
                new Shape("path", () -> request(method(), "/files" + steps(), RIGHT_LINE, "", "")),
                new Shape("target", () -> request(method(), target(), RIGHT_LINE, "", "")),
                new Shape("version", () -> request(method(), path(), any(HostileWords.VERSIONS, luck), "", "")),
                new Shape("header name", () -> request(method(), path(), RIGHT_LINE, badName(), "")),
                new Shape("header value", () -> request(method(), path(), RIGHT_LINE, badValues(), "")),
                new Shape("duplicate header", () -> request(method(), path(), RIGHT_LINE, twice(), "")),
                new Shape("oversized", this::oversized),
                new Shape("smuggling", this::smuggling),
                new Shape("chunks", () -> body("Transfer-Encoding: chunked\r\n", any(HostileWords.CHUNKS, luck))),
                new Shape("body length", this::wrongLength),
                new Shape("other protocol", () -> any(HostileWords.GREETINGS, luck) + noise(luck.nextInt(200))),
                new Shape(SOMEBODY_ELSES, this::foreign),
                new Shape("download", this::download),
                new Shape("damaged", this::damaged));
    }

    Shot next() {
        Shape shape = shapes.get(luck.nextInt(shapes.size()));
        String text = shape.draw().get().replace("/ID", "/" + targets.victim(luck));
        return new Shot(shape.name(), text.getBytes(ISO_8859_1));
    }

    private String method() {
        return any(HostileWords.TUS_METHODS, luck);
    }

    private String path() {
        return luck.nextInt(4) == 0 ? "/files" : "/files/ID";
    }

    private String steps() {
        StringBuilder steps = new StringBuilder(luck.nextBoolean() ? "/ID" : "");
        for (int i = 0; i <= luck.nextInt(4); i++) {
            steps.append(any(HostileWords.PATH_STEPS, luck));
        }
        return steps.toString();
    }

    private String target() {
        return any(HostileWords.TARGETS, luck);
    }

    /** @param headers whole lines, which come after those of a right request */
    private String request(String method, String target, String version, String headers, String body) {
        String own = switch (method) {
            case "POST" -> "Upload-Length: 1000000\r\n";
            case "PATCH" ->
                "Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
                        + (body.isEmpty() && !headers.contains("Content-Length") ? "Content-Length: 0\r\n" : "");
            default -> "";
        };
        return method + " " + target + " " + version + "\r\nHost: " + targets.host() + "\r\nTus-Resumable: 1.0.0\r\n"
                + own + headers + "\r\n" + body;
    }

    private String override() {
        String line = "X-HTTP-Method-Override: "
                + (luck.nextBoolean() ? any(HostileWords.METHODS, luck) : any(HostileWords.VALUES, luck)) + "\r\n";
        String more = luck.nextInt(3) == 0 ? "X-HTTP-Method-Override: GET\r\n" : "";
        return request(any(List.of("GET", "POST", "OPTIONS", "FOO"), luck), path(), RIGHT_LINE, line + more, "");
    }

    private String badName() {
        return any(HostileWords.NAMES, luck) + ": " + any(HostileWords.VALUES, luck) + "\r\n"
                + (luck.nextInt(4) == 0 ? "a line without a colon\r\n" : "");
    }

    private String badValues() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i <= luck.nextInt(3); i++) {
            lines.append(any(HostileWords.TUS_HEADERS, luck))
                    .append(luck.nextInt(20) == 0 ? "" : ":")
                    .append(luck.nextBoolean() ? " " : "")
                    .append(any(HostileWords.VALUES, luck))
                    .append(luck.nextInt(10) == 0 ? "\n" : "\r\n");
        }
        return lines.toString();
    }

    private String twice() {
        String name = any(HostileWords.TUS_HEADERS, luck);
        String first = luck.nextBoolean() ? "1" : any(HostileWords.VALUES, luck);
        String second = luck.nextBoolean() ? first : any(HostileWords.VALUES, luck);
        return name + ": " + first + "\r\n" + name.toLowerCase(Locale.ROOT) + ": " + second + "\r\n";
    }

    private String oversized() {
        String name = any(HostileWords.TUS_HEADERS, luck);
        return switch (luck.nextInt(4)) {
            case 0 ->
                request(
                        method(),
                        path(),
                        RIGHT_LINE,
                        name + ": " + "a".repeat(30_000 + luck.nextInt(70_000)) + "\r\n",
                        "");
            case 1 -> request(method(), path(), RIGHT_LINE, "a: b\r\n".repeat(luck.nextInt(MOST_HEADERS)), "");
            case 2 -> request(method(), "/files/" + "a".repeat(luck.nextInt(60_000)), RIGHT_LINE, "", "");
            default -> "A".repeat(luck.nextInt(100_000));
        };
    }

    /** Framing that two readers may take for two things, around a request that nobody may take for one. */
    private String smuggling() {
        String inner = targets.smuggled();
        String method = any(List.of("POST", "PATCH", "GET", "HEAD", "OPTIONS", "DELETE"), luck);
        String path = method.equals("DELETE") ? "/files/" + targets.foreign() : path();
        String shape = any(HostileWords.SMUGGLING, luck)
                .replace("L-hex", Integer.toHexString(inner.length()))
                .replace(": L", ": " + (inner.length() + 5 * luck.nextInt(2)))
                .replace(", L", ", " + inner.length());
        String head = request(method, path, RIGHT_LINE, "Content-Length: ", "");
        return head.substring(0, head.lastIndexOf("Content-Length: ")) + shape.replace("~", inner);
    }

    private String body(String framing, String body) {
        String method = any(List.of("PATCH", "PATCH", "POST", "GET", "HEAD", "OPTIONS"), luck);
        String type = method.equals("POST") ? "Content-Type: application/offset+octet-stream\r\n" : "";
        return request(method, method.equals("POST") ? "/files" : "/files/ID", RIGHT_LINE, type + framing, body);
    }

    private String wrongLength() {
        String length = luck.nextBoolean() ? any(HostileWords.VALUES, luck) : String.valueOf(luck.nextInt(5000));
        return body("Content-Length: " + length + "\r\n", noise(luck.nextInt(5000)));
    }

    private String foreign() {
        String id = targets.foreign();
        String method = any(List.of("PATCH", "HEAD", "GET", "DELETE", "PATCH", "POST"), luck);
        String text = switch (method) {
            case "POST" ->
                request(method, "/files", RIGHT_LINE, "Upload-Concat: final;/files/" + id + "\r\n", "")
                        .replace("Upload-Length: 1000000\r\n", "");
            case "PATCH" -> request(method, "/files/" + id, RIGHT_LINE, "Content-Length: 7\r\n", "DEFGHIJ");
            default -> request(method, "/files/" + id, RIGHT_LINE, "", "");
        };
        return luck.nextInt(3) == 0 ? text : text.replace("Upload-Offset: 0", "Upload-Offset: 3");
    }

    private String download() {
        String method = luck.nextInt(5) == 0 ? "HEAD" : "GET";
        String ranges = "Range: " + any(List.of("bytes=0-0,2-2", "bytes=0-1", "bytes=-1", "bytes=9-", "bytes=a"), luck);
        String line = luck.nextBoolean() ? ranges + "\r\n" : "";
        return request(method, "/files/" + targets.poisoned(), RIGHT_LINE, line + badValues(), "");
    }

    /** A right request, with bytes changed, lost, doubled or added. */
    private String damaged() {
        StringBuilder text = new StringBuilder(body("Content-Length: 10\r\n", "0123456789"));
        for (int i = 0; i <= luck.nextInt(8); i++) {
            int at = luck.nextInt(text.length());
            switch (luck.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) luck.nextInt(256));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, (char) luck.nextInt(256));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + luck.nextInt(40))));
            }
        }
        return text.toString();
    }

    private String noise(int length) {
        StringBuilder noise = new StringBuilder(length);
        luck.ints(length, 0, 256).forEach(b -> noise.append((char) b));
        return noise.toString();
    }
}
