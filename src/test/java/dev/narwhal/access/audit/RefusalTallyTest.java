package dev.narwhal.access.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.Audit.Actor;
import dev.narwhal.access.audit.AuditEntry.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalTallyTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final RefusalTally tally = new RefusalTally();

    private static Actor at(String address) {
        return new Actor("", null, address);
    }

    @Test
    void equalRefusals_areOneEntry() {
        tally.add(at("10.0.0.1"), "tus POST", "CREDENTIALS_INVALID", NOON);
        tally.add(at("10.0.0.1"), "tus POST", "CREDENTIALS_INVALID", NOON.plusSeconds(20));
        tally.add(at("10.0.0.2"), "tus POST", "CREDENTIALS_INVALID", NOON.plusSeconds(30));

        assertThat(tally.take())
                .containsExactly(
                        new AuditEntry(
                                Kind.REFUSAL,
                                NOON,
                                NOON.plusSeconds(20),
                                at("10.0.0.1"),
                                "tus POST",
                                "",
                                "CREDENTIALS_INVALID",
                                2),
                        new AuditEntry(
                                Kind.REFUSAL,
                                NOON.plusSeconds(30),
                                NOON.plusSeconds(30),
                                at("10.0.0.2"),
                                "tus POST",
                                "",
                                "CREDENTIALS_INVALID",
                                1));
        assertThat(tally.take()).isEmpty();
    }

    @Test
    void manyKinds_areBounded_andNoneIsLost() {
        for (int i = 0; i < 10 * RefusalTally.MOST; i++) {
            tally.add(at("10.0." + i / 256 + "." + i % 256), "tus POST", "CREDENTIALS_INVALID", NOON);
        }

        List<AuditEntry> entries = tally.take();

        assertThat(entries).hasSize(RefusalTally.MOST + 1);
        assertThat(entries.getLast().actor()).isEqualTo(RefusalTally.OTHERS);
        assertThat(entries.stream().mapToLong(AuditEntry::times).sum()).isEqualTo(10L * RefusalTally.MOST);
    }
}
