package dev.narwhal.startup;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} has one table row for each setting: its name, its default, its meaning. */
class ConfigurationDocsTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(narwhal\\.[^`]+)` \\| (?:`([^`]*)`|–) \\| (.+) \\|$", Pattern.MULTILINE);

    @Test
    void page_listsExactlyTheSettingsThereAre() throws IOException {
        String page = Files.readString(Path.of("docs/configuration.md"));

        Map<String, String> documented = ROW.matcher(page)
                .results()
                .collect(toMap(
                        row -> row.group(1), ConfigurationDocsTest::defaultValue, (a, b) -> "twice", TreeMap::new));

        assertThat(documented).isEqualTo(DeclaredSettings.withDefaults());
    }

    private static String defaultValue(MatchResult row) {
        return row.group(2) == null ? "" : row.group(2).replace("{data-dir}", "${narwhal.data-dir}");
    }
}
