package dev.narwhal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogEventTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String LOGGER = "dev.narwhal.delivery.DeliveryTask";

    @Test
    void of_lineAboutAnUpload_hasBoth() {
        assertThat(LogEvent.of(LOGGER, "delivery.bytes-kept upload=" + ID + " they could not be removed"))
                .contains(new LogEvent("delivery.bytes-kept", ID));
        assertThat(LogEvent.of(LOGGER, "delivery.started upload=" + ID)).contains(new LogEvent("delivery.started", ID));
    }

    @Test
    void of_lineAboutNone_hasItsName() {
        assertThat(LogEvent.of(LOGGER, "sweep.done expired=3")).contains(new LogEvent("sweep.done", null));
        assertThat(LogEvent.of(LOGGER, "request.failed upload=null method=POST"))
                .contains(new LogEvent("request.failed", null));
    }

    @Test
    void of_whatAClientNamed_isNoUpload() {
        assertThat(LogEvent.of(LOGGER, "delivery.orphans-kept key=a upload=" + ID))
                .contains(new LogEvent("delivery.orphans-kept", null));
        assertThat(LogEvent.of(LOGGER, "delivery.started upload=" + ID + "0"))
                .contains(new LogEvent("delivery.started", null));
    }

    @Test
    void of_linesOfOthers_isNothing() {
        assertThat(LogEvent.of("com.zaxxer.hikari.pool.HikariPool", "pool.stats total=1"))
                .isEmpty();
        assertThat(LogEvent.of(LOGGER, "No event at all")).isEmpty();
    }
}
