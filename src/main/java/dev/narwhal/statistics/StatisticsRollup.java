package dev.narwhal.statistics;

import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Adds uploads up to rows of hours and days. It reads the uploads of its volume once, in the order of their creation, remembers
 * those that have not ended, and looks at these again in each run.
 *
 * <p>What is counted moves with the sums in one transaction, so a crash counts nothing twice and forgets nothing. Two processes
 * that count one volume at once exclude each other by the lock of its cursor. A run reads only creations before the beginning
 * of the run before: by then their transactions have ended, and later ones tell {@link MissedUploads}.
 */
public final class StatisticsRollup {

    private static final int PAGE = 1_000;

    /** Bounds the transactions of one run, and how long one of them holds up the commits of requests on H2. */
    private static final int PAGES = 20;

    private static final int CHANGES = 100;

    private static final int ATTEMPTS = 5;

    private final RowCommitter committer;
    private final CursorRows cursors;
    private final NewUploads uploads;
    private final OpenRows open;
    private final MissedRows missed;
    private final TallyRows sums;
    private final MissedUploads noted;
    private final String volume;
    private final Clock clock;
    private Instant hoursRemoved = Instant.EPOCH;
    private Instant before = Instant.EPOCH;
    private boolean moreToCount;
    private String lookedAt = "";

    /** @param noted the listener that is told of every change of an upload of this volume */
    StatisticsRollup(JdbcClient jdbc, RowCommitter committer, MissedUploads noted, String volume, Clock clock) {
        this.committer = committer;
        this.cursors = new CursorRows(jdbc);
        this.uploads = new NewUploads(jdbc);
        this.open = new OpenRows(jdbc);
        this.missed = new MissedRows(jdbc);
        this.sums = new TallyRows(jdbc);
        this.noted = noted;
        this.volume = volume;
        this.clock = clock;
    }

    /**
     * Counts what is new, at most a part of it. The first run of a process counts nothing new.
     *
     * @param stopping ends the run early
     * @return true when more is to be counted at once
     */
    public synchronized boolean run(BooleanSupplier stopping) {
        removeOldHours();
        if (!moreToCount) {
            before = noted.passing();
            noted.pass(clock.instant().truncatedTo(ChronoUnit.MICROS));
        }
        moreToCount = countNew(stopping) | countMissed(stopping);
        countOpen(stopping);
        return moreToCount;
    }

    private void removeOldHours() {
        Instant from = hoursFrom();
        if (!from.equals(hoursRemoved)) {
            commit(() -> {
                sums.removeHours(from);
                return true;
            });
            hoursRemoved = from;
        }
    }

    private Instant hoursFrom() {
        return Span.HOUR.startOf(clock.instant().minus(Span.HOURS_KEPT));
    }

    /** Again, when another process has added the same row of sums at the same time. */
    private void commit(BooleanSupplier statements) {
        for (int attempt = 1; ; attempt++) {
            try {
                boolean unused = committer.commitLazily(statements::getAsBoolean);
                return;
            } catch (ConcurrencyFailureException | DuplicateKeyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private boolean countNew(BooleanSupplier stopping) {
        for (int i = 0; i < PAGES && !stopping.getAsBoolean(); i++) {
            Cursor from = cursors.read(volume);
            if (!from.createdAt().isBefore(before)) {
                return false;
            }
            List<UploadFacts> page = uploads.page(volume, from, before, PAGE);
            boolean last = page.size() < PAGE;
            Cursor to = last ? new Cursor(before, "") : cursorAt(page.getLast());
            commit(() -> count(page, from, to));
            if (last) {
                return false;
            }
        }
        return true;
    }

    private static Cursor cursorAt(UploadFacts upload) {
        return new Cursor(upload.createdAt(), upload.id());
    }

    /** @return false when another process has counted this page meanwhile */
    private boolean count(List<UploadFacts> page, Cursor from, Cursor to) {
        if (!cursors.lock(volume).equals(from)) {
            return false;
        }
        Set<String> countedApart = page.isEmpty() ? Set.of() : missed.ids(volume);
        Tally tally = new Tally(hoursFrom());
        List<String> unfinished = new ArrayList<>();
        List<String> finished = new ArrayList<>();
        for (UploadFacts upload : page) {
            if (!countedApart.contains(upload.id())) {
                Counted counted = upload.countInto(tally, Counted.NOTHING);
                if (counted.failedAt() != null) {
                    remember(upload, counted);
                } else if (!counted.ended()) {
                    (counted.finished() ? finished : unfinished).add(upload.id());
                }
            }
        }
        open.addAll(volume, unfinished, false);
        open.addAll(volume, finished, true);
        sums.add(tally);
        cursors.move(volume, to);
        return true;
    }

    private void remember(UploadFacts upload, Counted counted) {
        if (!counted.ended()) {
            open.add(volume, upload.id(), counted);
        }
    }

    private boolean countMissed(BooleanSupplier stopping) {
        for (int i = 0; i < PAGES && !stopping.getAsBoolean(); i++) {
            List<MissedRows.Missed> page =
                    missed.page(volume, cursors.read(volume).createdAt(), CHANGES);
            if (page.isEmpty()) {
                return false;
            }
            commit(() -> {
                Cursor unused = cursors.lock(volume);
                Tally tally = new Tally(hoursFrom());
                for (MissedRows.Missed one : page) {
                    if (missed.remove(volume, one.upload().id())) {
                        remember(one.upload(), one.upload().countInto(tally, one.counted()));
                    }
                }
                sums.add(tally);
                return true;
            });
        }
        return true;
    }

    /** Many uploads may wait, for a destination that is paused, say: each run looks at a part of them, in turn. */
    private void countOpen(BooleanSupplier stopping) {
        for (int i = 0; i < PAGES && !stopping.getAsBoolean(); i++) {
            List<OpenRows.Open> page = open.page(volume, lookedAt, PAGE);
            countChanges(page);
            if (page.size() < PAGE) {
                lookedAt = "";
                return;
            }
            lookedAt = page.getLast().upload().id();
        }
    }

    private void countChanges(List<OpenRows.Open> page) {
        List<OpenRows.Open> changed = new ArrayList<>();
        for (OpenRows.Open row : page) {
            if (!row.upload().countInto(new Tally(hoursFrom()), row.counted()).equals(row.counted())) {
                changed.add(row);
            }
        }
        for (int i = 0; i < changed.size(); i += CHANGES) {
            List<OpenRows.Open> part = changed.subList(i, Math.min(i + CHANGES, changed.size()));
            commit(() -> {
                Cursor unused = cursors.lock(volume);
                Tally tally = new Tally(hoursFrom());
                for (OpenRows.Open row : part) {
                    if (open.remove(volume, row.upload().id(), row.counted())) {
                        remember(row.upload(), row.upload().countInto(tally, row.counted()));
                    }
                }
                sums.add(tally);
                return true;
            });
        }
    }
}
