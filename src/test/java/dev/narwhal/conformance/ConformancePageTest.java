package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The committed page is that of the committed results, and these are of the present catalogue. */
class ConformancePageTest {

    private static final Set<Item.Level> ALL = Set.of(Item.Level.values());

    @Test
    void page_isMadeOfTheResults() throws IOException {
        assertThat(ConformancePage.read(ConformancePage.RESULTS).text())
                .as("run ./mvnw -Pconformance test-compile exec:exec@page")
                .isEqualTo(Files.readString(ConformancePage.PAGE, UTF_8));
    }

    @Test
    void narwhal_failsNothing() throws IOException {
        Report narwhal = ConformancePage.read(ConformancePage.RESULTS).servers().getFirst();
        assertThat(narwhal.result().server()).isEqualTo("Narwhal");
        assertThat(narwhal.failures(ALL)).isEmpty();
    }

    @Test
    void narwhal_lacksNothing() throws IOException {
        Report narwhal = ConformancePage.read(ConformancePage.RESULTS).servers().getFirst();
        assertThat(ConformancePage.missing(narwhal))
                .as("extensions that are missing")
                .isEmpty();
        for (Item.Level level : Item.Level.values()) {
            assertThat(narwhal.count(level, Verdict.NOT_OFFERED)).isZero();
        }
        assertThat(narwhal.result().items().values())
                .as("items that were not tested although there is a test")
                .allMatch(item -> item.verdict() != Verdict.NOT_TESTED
                        || !Catalogue.standard().entry(item.item()).untested().isEmpty());
    }

    @Test
    void results_areOfAllItems() throws IOException {
        for (Report server : ConformancePage.read(ConformancePage.RESULTS).servers()) {
            assertThat(server.result().items().keySet())
                    .as("items in the results of %s", server.result().server())
                    .isEqualTo(Catalogue.standard().entries().keySet());
        }
    }

    @Test
    void remarks_areOnFailures() throws IOException {
        ConformancePage page = ConformancePage.read(ConformancePage.RESULTS);
        for (ConformancePage.Remarks.Remark remark : page.remarks().remarks()) {
            assertThat(page.servers())
                    .as("a server with the failure that remarks.txt explains: %s", remark)
                    .anyMatch(server -> server.result().server().equals(remark.server())
                            && server.failures(ALL).contains("T" + remark.item()));
        }
    }
}
