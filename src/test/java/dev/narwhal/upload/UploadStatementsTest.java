package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rows of uploads change in few places, so that none of them can forget the listeners. */
class UploadStatementsTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /** Comments stay in it: a statement in one looks like a statement. */
    private static final Pattern CHANGE = Pattern.compile(
            "\\b(insert\\s+into|update|merge\\s+into|delete\\s+from|truncate\\s+table)\\s+\"?upload\"?\\s(.*?)(\"\"\"|\";|\\bwhere\\b)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern STATE = Pattern.compile("\\bstate\\b", Pattern.CASE_INSENSITIVE);

    /** Those that change no state: when the sweep looks at a row next. */
    private static final String LOOKS = "ExpiryRepository.java";

    /** Each of them tells the listeners. */
    private static final Set<String> TELLING = Set.of("FencedRows.java", "StateRows.java", "RetentionRepository.java");

    @Test
    void rowsOfUploads_changeOnlyWhereListenersAreTold() throws IOException {
        Map<String, Set<String>> changes = changes();

        assertThat(changes.keySet())
                .isEqualTo(Set.of("FencedRows.java", "StateRows.java", "RetentionRepository.java", LOOKS));
        assertThat(changes.get(LOOKS)).noneMatch(set -> STATE.matcher(set).find());
        for (String name : TELLING) {
            assertThat(SOURCES.resolve("dev/narwhal/upload").resolve(name))
                    .content()
                    .containsPattern("listeners(\\.|::)changed");
        }
    }

    private static Map<String, Set<String>> changes() throws IOException {
        Map<String, Set<String>> changes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher found = CHANGE.matcher(Files.readString(file));
                while (found.find()) {
                    changes.computeIfAbsent(file.getFileName().toString(), name -> new TreeSet<>())
                            .add(found.group(2));
                }
            }
        }
        return changes;
    }
}
