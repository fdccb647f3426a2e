package dev.narwhal.api.events;

import dev.narwhal.upload.Upload;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One reader of news, on the virtual thread of its request. It holds a connection of its client and nothing else.
 *
 * <p>A reader that is too slow, and whose unread news are overwritten, is disconnected; so is one whose socket takes nothing for
 * as long as the container allows.
 */
final class EventStream {

    /** Through proxies that end silent connections. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** Many changes in a row wake a reader once. */
    private static final Duration REST = Duration.ofMillis(50);

    /** Credentials may be revoked meanwhile: a client that comes back, as browsers do by themselves, is asked for them again. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private final EventFeed feed;
    private final JsonMapper json;
    private final Predicate<News> wanted;
    private final Supplier<Optional<Upload>> state;

    /**
     * @param wanted the news that the reader may and wants to see
     * @param state the upload with which the stream begins; empty for a stream of many
     */
    EventStream(EventFeed feed, JsonMapper json, Predicate<News> wanted, Supplier<Optional<Upload>> state) {
        this.feed = feed;
        this.json = json;
        this.wanted = wanted;
        this.state = state;
    }

    /** @param lastSeen the id of the last event that the reader has; null for a new one */
    void run(HttpServletResponse response, @Nullable String lastSeen) throws IOException {
        NewsRing.Position end = feed.ring().end();
        Optional<Long> known = lastSeen == null ? Optional.empty() : feed.numberOf(lastSeen);
        String beginning = begin(lastSeen, known, end);
        response.setContentType("text/event-stream;charset=UTF-8");
        // nginx would keep the events until its buffer is full.
        response.setHeader("X-Accel-Buffering", "no");
        OutputStream out = response.getOutputStream();
        write(out, beginning);
        try {
            follow(out, new NewsRing.Position(known.orElse(end.number()), end.tick()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String begin(@Nullable String lastSeen, Optional<Long> known, NewsRing.Position end) {
        if (known.isPresent()) {
            return ": resumed\n\n";
        }
        StringBuilder text = new StringBuilder("id: ").append(feed.idOf(end.number()));
        text.append("\nevent: ").append(lastSeen == null ? "hello" : "reset").append("\ndata: {}\n\n");
        state.get().ifPresent(upload -> append(text, News.of(News.Type.STATE, upload)));
        return text.toString();
    }

    private void follow(OutputStream out, NewsRing.Position from) throws IOException, InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        NewsRing.Position position = from;
        while (System.nanoTime() - until < 0) {
            NewsRing.Batch batch = feed.ring().await(position, HEARTBEAT);
            if (batch.closed() || batch.lost()) {
                return;
            }
            boolean silent = batch.to().equals(position);
            String text = silent ? ": alive\n\n" : text(batch);
            if (!text.isEmpty()) {
                write(out, text);
            }
            position = batch.to();
            feed.ring().pause(REST);
        }
    }

    private String text(NewsRing.Batch batch) {
        StringBuilder text = new StringBuilder();
        long number = batch.from().number();
        for (News news : batch.news()) {
            number++;
            if (wanted.test(news)) {
                text.append("id: ").append(feed.idOf(number)).append('\n');
                append(text, news);
            }
        }
        batch.progress().stream().filter(wanted).forEach(news -> append(text, news));
        return text.toString();
    }

    private void append(StringBuilder text, News news) {
        text.append("event: ").append(news.type().text()).append("\ndata: ");
        text.append(json.writeValueAsString(news.data())).append("\n\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
