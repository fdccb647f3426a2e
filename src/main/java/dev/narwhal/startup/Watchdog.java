package dev.narwhal.startup;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Ends the process when it cannot continue: when memory has run out, and when an essential thread has died. Otherwise
 * the process would neither answer nor end. A service manager starts an ended process again, and no acknowledged byte
 * is lost.
 *
 * <p>The JVM's flag {@code -XX:+ExitOnOutOfMemoryError} does the same, but a jar cannot set it. This class sees errors
 * that no code catches, or that a library catches and logs.
 *
 * <p>Applies to the process, not to a context: an application that embeds the server decides for itself.
 */
public final class Watchdog implements ApplicationListener<ApplicationPreparedEvent> {

    private static final org.slf4j.Logger log = LoggerFactory.getLogger(Watchdog.class);

    /** The status of {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int STATUS = 3;

    private static final List<String> VITAL = List.of("-Acceptor", "-Poller", "row-committer");

    /** Other messages concern a single caller: no space for a direct buffer, or too large an array. */
    private static final String[] OF_ALL = {
        "Java heap space", "GC overhead limit", "Metaspace", "Compressed class", "unable to create native"
    };

    /** Allocated in advance, because nothing can be allocated when they are needed. */
    private static final byte[] OUT_OF_MEMORY =
            ("Narwhal ends: memory has run out. Give it a larger heap (-Xmx), or lower"
                            + " narwhal.limits.body-memory.\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

    private final Runnable outOfMemory;
    private final Consumer<String> end;

    public Watchdog() {
        this(() -> halt(OUT_OF_MEMORY), Watchdog::halt);
    }

    /**
     * @param outOfMemory ends the process without allocating an object
     * @param end called with the reason, a sentence
     */
    Watchdog(Runnable outOfMemory, Consumer<String> end) {
        this.outOfMemory = outOfMemory;
        this.end = end;
    }

    /** Call this after the setup of the log, which removes its filters. */
    @Override
    public void onApplicationEvent(ApplicationPreparedEvent event) {
        Thread.setDefaultUncaughtExceptionHandler(this::died);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log) {
            log.addTurboFilter(new Logged(this));
        }
    }

    void died(Thread thread, Throwable failure) {
        if (outOfMemory(failure) != null) {
            outOfMemory.run();
            return;
        }
        String name = thread.getName();
        if (VITAL.stream().anyMatch(name::endsWith)) {
            end.accept("the thread " + name + " has died (" + failure + "), and nobody would be served");
        } else {
            log.error("thread.died thread={}", name, failure);
        }
    }

    void logged(Throwable failure) {
        OutOfMemoryError error = outOfMemory(failure);
        if (error != null && isOfAll(error)) {
            outOfMemory.run();
        }
    }

    private static @Nullable OutOfMemoryError outOfMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError error) {
                return error;
            }
        }
        return null;
    }

    private static boolean isOfAll(OutOfMemoryError error) {
        String message = error.getMessage();
        for (String words : OF_ALL) {
            if (message != null && message.contains(words)) {
                return true;
            }
        }
        return false;
    }

    private static void halt(String why) {
        halt(("Narwhal ends: " + why + ".\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Not by an orderly stop, which needs memory. */
    private static void halt(byte[] sentence) {
        try {
            ERR.write(sentence);
        } catch (IOException e) {
            // There is no output left to report to.
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }

    private static final class Logged extends TurboFilter {

        private final Watchdog watchdog;

        Logged(Watchdog watchdog) {
            this.watchdog = watchdog;
        }

        @Override
        public FilterReply decide(
                Marker marker,
                Logger logger,
                Level level,
                String format,
                Object @Nullable [] values,
                @Nullable Throwable failure) {
            if (failure != null) {
                watchdog.logged(failure);
            } else if (values != null && values.length > 0 && values[values.length - 1] instanceof Throwable last) {
                watchdog.logged(last);
            }
            return FilterReply.NEUTRAL;
        }
    }
}
