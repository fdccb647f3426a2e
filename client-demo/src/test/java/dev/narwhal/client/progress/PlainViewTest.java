package dev.narwhal.client.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlainViewTest {

    private final StringWriter text = new StringWriter();
    private final ManualNanos nanos = new ManualNanos();
    private final PlainView view = new PlainView(new PrintWriter(text), nanos, "film.mp4", 100 * 1024);

    @Test
    void reaches_thousandsOfTimes_printsOneLineInTenSeconds() {
        for (int step = 1; step <= 2500; step++) {
            nanos.advance(Duration.ofMillis(10));
            view.reaches(step * 20L);
        }
        assertThat(text.toString().lines())
                .containsExactly(
                        "film.mp4: 19 %, 19.5 KiB of 100.0 KiB, 2.0 KiB/s, 41.2 s left",
                        "film.mp4: 39 %, 39.1 KiB of 100.0 KiB, 2.0 KiB/s, 31.2 s left");
    }

    @Test
    void reaches_nothingMoves_printsNothing() {
        for (int second = 0; second < 100; second++) {
            nanos.advance(Duration.ofSeconds(1));
            view.reaches(0);
        }
        assertThat(text.toString()).isEmpty();
    }

    @Test
    void reaches_soonAfterALongBreak_printsNothingYet() {
        nanos.advance(Duration.ofMinutes(5));
        view.continuesAt(1000);
        view.reaches(2000);
        assertThat(text.toString()).isEmpty();
    }

    @Test
    void says_afterClose_isSilent() {
        view.says("the connection broke");
        view.close();
        view.says("too late");
        assertThat(text.toString().lines()).containsExactly("film.mp4: the connection broke");
    }
}
