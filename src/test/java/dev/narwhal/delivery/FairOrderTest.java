package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FairOrderTest {

    private final SettableClock clock = new SettableClock();
    private final FairOrder order = new FairOrder(clock);

    @Test
    void next_oneOwner_inTheOrderOfFinishing() {
        Instant before = Instant.MIN;
        for (int i = 0; i < 5_000; i++) {
            Instant next = order.next("ann");
            assertThat(next).isAfterOrEqualTo(before).isBeforeOrEqualTo(clock.instant());
            before = next;
        }
    }

    @Test
    void next_another_goesBeforeTheRestOfTheFirst() {
        Instant first = order.next("ann");
        Instant hundredth = first;
        for (int i = 1; i < 100; i++) {
            hundredth = order.next("ann");
        }

        assertThat(order.next("bob")).isEqualTo(first);
        assertThat(hundredth).isEqualTo(first.plusSeconds(99));
    }

    @Test
    void next_another_waitsForWhatWaitedLonger() {
        Instant tenth = order.next("ann");
        for (int i = 1; i < 10; i++) {
            tenth = order.next("ann");
        }
        clock.pass(Duration.ofSeconds(10));

        assertThat(order.next("bob")).isAfter(tenth);
    }

    @Test
    void next_afterAPause_isLikeTheFirst() {
        for (int i = 0; i < 100; i++) {
            order.next("ann");
        }
        clock.pass(Duration.ofMinutes(5));

        assertThat(order.next("ann")).isEqualTo(order.next("bob"));
    }
}
