package dev.narwhal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/logging.md} lists each event that the source logs, with its levels, and no other. */
class LogEventDocsTest {

    /** A call, up to the end of its first literal. */
    private static final Pattern CALL = Pattern.compile(
            "\\blog\\.(trace|debug|info|warn|error)\\(\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^\"])", Pattern.CASE_INSENSITIVE);

    private static final Pattern LITERAL =
            Pattern.compile("\"([a-z]+(?:\\.[a-z][a-z0-9-]*)+)(?:[ \"].*)?", Pattern.DOTALL);

    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z.-]+)` \\| ([A-Z, ]+) \\| .+ \\|$", Pattern.MULTILINE);

    @Test
    void page_listsExactlyTheEventsOfTheSource() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs/logging.md")))
                .results()
                .forEach(row -> documented.put(
                        row.group(1), new TreeSet<>(Arrays.asList(row.group(2).split(", ")))));

        assertThat(documented).isEqualTo(logged());
    }

    @Test
    void linesAboutAnUpload_nameItFirst() throws IOException {
        for (MatchResult call : calls()) {
            String literal = call.group(2);
            if (literal.contains("upload={}")) {
                assertThat(literal).as("upload= comes right after the event").matches("(?s)\"[a-z.-]+ upload=\\{}.*");
            }
        }
    }

    private static Map<String, Set<String>> logged() throws IOException {
        Map<String, Set<String>> events = new TreeMap<>();
        for (MatchResult call : calls()) {
            var literal = LITERAL.matcher(call.group(2));
            assertThat(literal.matches())
                    .as("a line begins with its event: " + call.group())
                    .isTrue();
            events.computeIfAbsent(literal.group(1), event -> new TreeSet<>())
                    .add(call.group(1).toUpperCase(Locale.ROOT));
        }
        return events;
    }

    private static Iterable<MatchResult> calls() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> CALL.matcher(read(file)).results())
                    .collect(Collectors.toList());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
