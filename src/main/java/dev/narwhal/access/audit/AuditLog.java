package dev.narwhal.access.audit;

import dev.narwhal.access.Audit;
import dev.narwhal.access.audit.AuditEntry.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.json.JsonWriter;
import org.springframework.context.SmartLifecycle;

/** Writes the audit log. Refusals are gathered for a minute; no thread exists while there are none. */
public final class AuditLog implements Audit, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int ACTS_UNTIL_CLEANUP = 256;

    private static final JsonWriter<AuditEntry> JSON = JsonWriter.of(members -> {
        members.add("at", entry -> entry.at().toString());
        members.add("kind", entry -> entry.kind().label());
        members.add("owner", entry -> entry.actor().owner());
        members.add("credential", entry -> entry.actor().credential()).whenNotNull();
        members.add("address", entry -> entry.actor().address());
        members.add("action", AuditEntry::action);
        members.add("subject", AuditEntry::subject);
        members.add("result", AuditEntry::result);
        members.add("times", AuditEntry::times);
    });

    private final AuditRepository repository;
    private final AuditProperties settings;
    private final Clock clock;
    private final RefusalTally refusals = new RefusalTally();
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final AtomicInteger acts = new AtomicInteger();
    private volatile boolean running;

    AuditLog(AuditRepository repository, AuditProperties settings, Clock clock) {
        this.repository = repository;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void act(Actor actor, String action, String subject, String result) {
        var now = clock.instant();
        AuditEntry entry = new AuditEntry(Kind.ACT, now, now, actor, action, subject, result, 1);
        say(entry);
        try {
            repository.add(entry);
            if (acts.incrementAndGet() % ACTS_UNTIL_CLEANUP == 0) {
                forget(Kind.ACT);
            }
        } catch (RuntimeException e) {
            log.warn("audit.not-recorded entries=1 the log alone has them", e);
        }
    }

    @Override
    public void refused(Actor actor, String action, String result) {
        refusals.add(actor, action, result, clock.instant());
        if (flushing.compareAndSet(false, true)) {
            Thread unused = Thread.startVirtualThread(this::flushLater);
        }
    }

    private void flushLater() {
        try {
            Thread.sleep(MINUTE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        flush();
    }

    /** Writes the refusals gathered so far. */
    public void flush() {
        flushing.set(false);
        List<AuditEntry> entries = refusals.take();
        entries.forEach(AuditLog::say);
        try {
            if (!entries.isEmpty()) {
                repository.addLazily(entries);
                forget(Kind.REFUSAL);
            }
        } catch (RuntimeException e) {
            log.warn("audit.not-recorded entries={} the log alone has them", entries.size(), e);
        }
    }

    private void forget(Kind kind) {
        repository.forget(kind, clock.instant().minus(settings.keep()), settings.maxEntries());
    }

    private static void say(AuditEntry entry) {
        log.info("audit.entry {}", JSON.writeToString(entry));
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the database is closed. */
    @Override
    public void stop() {
        running = false;
        flush();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
