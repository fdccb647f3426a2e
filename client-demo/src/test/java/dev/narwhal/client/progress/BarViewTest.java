package dev.narwhal.client.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BarViewTest {

    private static final int COLUMNS = 80;

    private final StringWriter text = new StringWriter();
    private final ManualNanos nanos = new ManualNanos();

    @Test
    void reaches_half_showsPercentBytesSpeedAndTimeLeft() {
        BarView view = view("film.mp4", 100 * 1024);
        nanos.advance(Duration.ofSeconds(10));
        view.reaches(50 * 1024);
        assertThat(text.toString())
                .isEqualTo("\rfilm.mp4          50% [######------] 50.0KiB/100.0KiB 5.0 KiB/s 0:10 left");
    }

    @Test
    void reaches_manyTimesAtOnce_drawsOnce() {
        BarView view = view("film.mp4", 100_000);
        for (int step = 0; step < 1000; step++) {
            view.reaches(step);
        }
        assertThat(text.toString().chars().filter(c -> c == '\r')).hasSize(1);
    }

    @Test
    void line_longNameAndHugeFile_fitsTheTerminal() {
        BarView view = view("a-very-long-name-of-a-file-from-a-camera.mp4", 1100L << 30);
        nanos.advance(Duration.ofSeconds(1000));
        view.reaches(1023L << 30);
        assertThat(text.toString().substring(1)).hasSizeLessThan(COLUMNS).startsWith("a-very-long-na..  93% ");
    }

    @Test
    void says_whileDrawn_standsOnALineOfItsOwnAboveTheBar() {
        BarView view = view("film.mp4", 1000);
        view.reaches(500);
        int drawn = text.toString().length() - 1;
        view.says("the connection broke");
        assertThat(text.toString().substring(drawn + 1).replace(System.lineSeparator(), "\n"))
                .startsWith("\r" + " ".repeat(drawn) + "\rfilm.mp4: the connection broke\n\rfilm.mp4");
    }

    @Test
    void close_afterDrawing_leavesAnEmptyLine() {
        BarView view = view("film.mp4", 1000);
        view.reaches(1000);
        view.close();
        view.reaches(1000);
        assertThat(text.toString()).endsWith(" \r");
    }

    private BarView view(String name, long size) {
        return new BarView(new PrintWriter(text), nanos, name, size);
    }
}
