package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.clients.MatrixTable.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixTableTest {

    private final Client one = Client.of("one 1.0", Path.of("one"))
            .cannot("it knows no DELETE", Scenario.TERMINATION)
            .remark("with care", Scenario.EMPTY, Scenario.ONE_BYTE);
    private final Client two = Client.of("two 2.0", Path.of("two"));

    @Test
    void render_hasALineForEachClientInEachTable() {
        MatrixTable table = table();
        table.set(one, Scenario.EMPTY, Outcome.OK);
        table.set(one, Scenario.ONE_BYTE, Outcome.FAILED);
        table.set(two, Scenario.EMPTY, Outcome.OK);
        assertThat(table.render())
                .contains("| one 1.0 | ok* | failed | skipped |", "| two 2.0 | ok | skipped | skipped |")
                .contains("- one 1.0 (0 B; 1 B): with care.\n", "- one 1.0 (termination): it knows no DELETE.\n");
    }

    @Test
    void filledFrom_takesOnlyWhatWasSkipped() {
        MatrixTable earlier = table();
        for (Scenario scenario : Scenario.values()) {
            earlier.set(one, scenario, scenario == Scenario.TERMINATION ? Outcome.CANNOT : Outcome.OK);
        }
        MatrixTable now = table();
        now.set(one, Scenario.PARALLEL, Outcome.FAILED);
        now.set(one, Scenario.CHECKSUM, Outcome.SKIPPED);

        earlier.set(one, Scenario.PARALLEL, Outcome.FAILED);
        assertThat(now.filledFrom(page()).render()).isEqualTo(now.render());
        assertThat(now.filledFrom("# Page\n" + earlier.render()).render()).isEqualTo(earlier.render());
    }

    @Test
    void filledFrom_aPageWithoutTheColumn_leavesItSkipped() {
        MatrixTable now = table();
        String page = page().replace("| checksum |", "|").replace("| two 2.0 | ok | ok |", "| two 2.0 | ok |");
        assertThat(now.filledFrom(page).render()).isEqualTo(now.render());
    }

    private MatrixTable table() {
        return new MatrixTable(List.of(one, two));
    }

    private String page() {
        return "# Page\n" + table().render();
    }
}
