package dev.narwhal.api.events;

import dev.narwhal.ingest.RunningBodies;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the news of this process's uploads while somebody reads them, and for a minute longer, so that a reader whose connection
 * broke misses nothing. At other times a change of an upload costs one volatile read.
 */
final class EventFeed implements UploadListener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventFeed.class);

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Seconds without readers after which news are no longer kept. */
    private static final int IDLE = 60;

    private final NewsRing ring = new NewsRing();
    private final Progress progress;
    private final RunningBodies bodies;

    /** Numbers of an earlier process mean nothing to this one. */
    private final String process =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

    private volatile boolean watched;
    private volatile boolean running;
    private int readers;

    EventFeed(RunningBodies bodies, Function<UploadId, Optional<Upload>> rows) {
        this.bodies = bodies;
        this.progress = new Progress(rows);
    }

    @Override
    public void committed(UploadEvent event) {
        if (!watched) {
            return;
        }
        if (event.type() == UploadEvent.Type.ADVANCED) {
            progress.moved(event.now());
        } else {
            progress.ended(event.now().id());
            ring.add(News.of(News.Type.of(event.type()), event.now()));
        }
    }

    @Override
    public void interrupted(Upload upload, String reason) {
        if (watched) {
            ring.add(News.interrupted(upload, reason));
        }
    }

    NewsRing ring() {
        return ring;
    }

    /** The id of the news with this number. */
    String idOf(long number) {
        return process + "-" + number;
    }

    /**
     * Where a reader goes on that has seen the news with this id; empty when later news are lost. Called after {@link #enter}.
     */
    Optional<Long> numberOf(String id) {
        int dash = id.indexOf('-');
        if (dash < 0 || !id.substring(0, dash).equals(process)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(id.substring(dash + 1))).filter(ring::reachesBackTo);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A reader has come: what happens from now on is in the ring. */
    synchronized void enter() {
        readers++;
        if (!watched) {
            ring.forget();
            watched = true;
            Thread.ofVirtual().name("event-progress").start(this::lookOnceASecond);
        }
    }

    synchronized void leave() {
        readers--;
    }

    synchronized int readers() {
        return readers;
    }

    private void lookOnceASecond() {
        try {
            int idle = 0;
            while (!isOver(idle)) {
                ring.pause(SECOND);
                idle = readers() == 0 ? idle + 1 : 0;
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A reader that comes now either keeps the feed going, or begins it anew. */
    private synchronized boolean isOver(int idle) {
        if (!ring.isClosed() && (idle < IDLE || readers > 0)) {
            return false;
        }
        watched = false;
        progress.forget();
        return true;
    }

    private void look() {
        try {
            Map<UploadId, Long> ends = new HashMap<>();
            bodies.forEachProgress(ends::put);
            var news = progress.next(ends);
            if (!news.isEmpty()) {
                ring.addProgress(news);
            }
        } catch (RuntimeException e) {
            log.debug("events.progress-missed the next second has it", e);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        ring.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the container, which would wait for the streams. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
