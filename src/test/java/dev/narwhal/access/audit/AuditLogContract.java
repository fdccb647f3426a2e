package dev.narwhal.access.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.Audit.Actor;
import dev.narwhal.access.audit.AuditEntry.Kind;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of the audit log, on every database. */
abstract class AuditLogContract {

    private static final Actor ANN = new Actor("ann", "key:0123456789ab", "10.0.0.1");
    private static final Actor STRANGER = new Actor("", null, "10.0.0.2");
    private static final int MOST = 100;

    private final SettableClock clock = new SettableClock();

    @SuppressWarnings("NullAway.Init")
    private AuditRepository repository;

    @SuppressWarnings("NullAway.Init")
    private AuditLog log;

    abstract TestDatabase database();

    @BeforeEach
    void wire() {
        int unused = database().jdbc().sql("delete from audit").update();
        repository = new AuditRepository(database().jdbc(), database().committer());
        log = new AuditLog(repository, new AuditProperties(Duration.ofDays(1), MOST), clock);
    }

    private List<AuditEntry> all() {
        return repository.page(Long.MAX_VALUE, 1000).stream()
                .map(AuditRepository.Row::entry)
                .toList();
    }

    @Test
    void act_isThereAtOnce() {
        log.act(ANN, "DELETE /api/v1/keys/{id}", "abcdef012345", "done");

        assertThat(all())
                .containsExactly(new AuditEntry(
                        Kind.ACT,
                        clock.instant(),
                        clock.instant(),
                        ANN,
                        "DELETE /api/v1/keys/{id}",
                        "abcdef012345",
                        "done",
                        1));
    }

    @Test
    void refusals_areWrittenTogether_andAtTheStop() {
        log.start();
        for (int i = 0; i < 50; i++) {
            log.refused(STRANGER, "tus POST", "CREDENTIALS_MISSING");
        }
        assertThat(all()).isEmpty();

        log.stop();

        assertThat(all()).singleElement().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(Kind.REFUSAL);
            assertThat(entry.actor()).isEqualTo(STRANGER);
            assertThat(entry.times()).isEqualTo(50);
        });
    }

    @Test
    void refusals_neverDisplaceActs() {
        log.act(ANN, "act", "", "done");
        for (int i = 0; i < 3 * MOST; i++) {
            log.refused(new Actor("", null, "10.0.1." + i), "tus POST", "CREDENTIALS_MISSING");
        }
        log.flush();

        assertThat(all()).filteredOn(entry -> entry.kind() == Kind.REFUSAL).hasSize(MOST);
        assertThat(all()).filteredOn(entry -> entry.kind() == Kind.ACT).hasSize(1);
    }

    @Test
    void oldEntries_areForgotten() {
        log.refused(STRANGER, "tus POST", "CREDENTIALS_MISSING");
        log.flush();
        clock.pass(Duration.ofDays(1).plusSeconds(1));
        log.refused(STRANGER, "tus PATCH", "CREDENTIALS_MISSING");
        log.flush();

        assertThat(all()).extracting(AuditEntry::action).containsExactly("tus PATCH");
    }

    @Test
    void longTexts_areCut() {
        log.act(new Actor("x".repeat(5000), null, "10.0.0.1"), "act", "y".repeat(5000), "done");

        assertThat(all().getFirst().actor().owner()).hasSize(200);
        assertThat(all().getFirst().subject()).hasSize(200);
    }

    @Test
    void pages_goOnWhereTheyEnded() {
        for (int i = 0; i < 5; i++) {
            log.act(ANN, "act " + i, "", "done");
        }

        List<AuditRepository.Row> first = repository.page(Long.MAX_VALUE, 2);
        log.act(ANN, "act 5", "", "done");
        List<AuditRepository.Row> second = repository.page(first.getLast().id(), 2);

        assertThat(first).extracting(row -> row.entry().action()).containsExactly("act 4", "act 3");
        assertThat(second).extracting(row -> row.entry().action()).containsExactly("act 2", "act 1");
    }
}
