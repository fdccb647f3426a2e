package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.clients.MatrixTable.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every client of {@link Clients} in every {@link Scenario}, one after the other, and the table in
 * {@code docs/clients.md} that says what came of it. {@code .ci/clients} installs them.
 *
 * <p>{@code -Dclients.update=true} writes the table instead of comparing it; {@code -Dclients.only=tuspy} runs the clients
 * whose name contains that.
 */
@Tag("clients")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClientMatrixIT {

    private static final Path PAGE = Path.of("docs", "clients.md");
    private static final String BEGIN = "<!-- generated: begin -->\n";
    private static final String END = "\n<!-- generated: end -->";
    private static final String ONLY = System.getProperty("clients.only", "");
    private static final MatrixTable TABLE = new MatrixTable(Clients.all());

    @TempDir
    static Path directory;

    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        List<Client> installed = new ArrayList<>();
        for (Client client : clients()) {
            if (client.skipped().isEmpty()) {
                installed.add(client);
            }
        }
        stage = new Stage(directory, installed);
    }

    @AfterAll
    static void stop() throws Exception {
        stage.close();
    }

    private static List<Client> clients() {
        return Clients.all().stream()
                .filter(client -> client.name().contains(ONLY))
                .toList();
    }

    static Stream<Arguments> cases() {
        List<Client> clients = clients();
        return Stream.of(Scenario.values())
                .flatMap(scenario -> clients.stream().map(client -> Arguments.of(scenario, client)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    @Order(1)
    void client_doesWhatItCan(Scenario scenario, Client client) throws Exception {
        TABLE.set(client, scenario, Outcome.FAILED);
        long started = System.nanoTime();
        try {
            abortIfItCannot(scenario, client);
            new Play(client, stage).run(scenario);
            TABLE.set(client, scenario, Outcome.OK);
        } finally {
            System.out.printf("%6d ms  %s: %s%n", (System.nanoTime() - started) / 1_000_000, scenario.title(), client);
            revive();
        }
    }

    private static void abortIfItCannot(Scenario scenario, Client client) throws Exception {
        String reason = client.cannot().get(scenario);
        if (reason != null) {
            TABLE.set(client, scenario, Outcome.CANNOT);
            Assumptions.abort(client + " cannot: " + reason);
        }
        Optional<String> skipped = client.skipped();
        Optional<String> extension = scenario.extension();
        if (skipped.isEmpty() && extension.isPresent() && !stage.offers(extension.get())) {
            skipped = Optional.of("the server does not offer " + extension.get());
        }
        if (skipped.isPresent()) {
            TABLE.set(client, scenario, Outcome.SKIPPED);
            System.out.println("SKIPPED " + client + ", " + scenario.title() + ": " + skipped.get());
            Assumptions.abort(skipped.get());
        }
    }

    /** A scenario that failed between kill and restart must not take the others with it. */
    private static void revive() throws Exception {
        if (!stage.server.isAlive()) {
            stage.server.restart();
        }
        stage.proxy.reset();
    }

    @Test
    @Order(2)
    void page_saysWhatTheRunSaw() throws Exception {
        Files.writeString(Path.of("target", "clients.md"), TABLE.render());
        Assumptions.assumeTrue(ONLY.isEmpty(), "Only some of the clients were run");
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String seen = TABLE.filledFrom(page).render();
        if (Boolean.getBoolean("clients.update")) {
            Files.writeString(PAGE, page.substring(0, begin) + seen + page.substring(end));
        } else {
            assertThat(page.substring(begin, end))
                    .as("docs/clients.md; -Dclients.update=true writes it")
                    .isEqualTo(seen);
        }
    }
}
