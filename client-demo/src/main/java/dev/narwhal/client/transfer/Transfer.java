package dev.narwhal.client.transfer;

import dev.narwhal.client.transfer.Verdict.Again;
import dev.narwhal.client.transfer.Verdict.Anew;
import dev.narwhal.client.transfer.Verdict.GiveUp;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Brings one file to the server: attempt after attempt, each from where the server says that it is. Used once. */
public final class Transfer {

    private static final int NEW_STARTS_AT_MOST = 3;

    /**
     * What all transfers of a run share.
     *
     * @param requestSize bytes in one request at most
     * @param failures told each failure, for those who want stack traces
     */
    public record Conditions(
            Server server,
            int requestSize,
            Pacer pacer,
            Backoff backoff,
            LongSupplier nanos,
            Consumer<Exception> failures) {}

    private final Conditions conditions;
    private final SourceFile source;
    private final Metadata metadata;
    private final UploadMemory memory;
    private final Patience patience;
    private final TransferView view;
    private final Verdicts verdicts;
    private final StallWatch watch;

    private volatile @Nullable URI url;
    private long firstOffset = -1;
    private long bestOffset;
    private int newStarts;

    public Transfer(
            Conditions conditions,
            SourceFile source,
            Metadata metadata,
            UploadMemory memory,
            Patience patience,
            TransferView view) {
        this.conditions = conditions;
        this.source = source;
        this.metadata = metadata;
        this.memory = memory;
        this.patience = patience;
        this.view = view;
        this.verdicts = new Verdicts(conditions.server().endpoint());
        this.watch = new StallWatch(conditions.server().silence(), conditions.nanos());
    }

    /** Returns once the server has confirmed the last byte. */
    public TransferReport run() throws TransferFailedException, InterruptedException {
        long startedAt = conditions.nanos().getAsLong();
        url = memory.find().orElse(null);
        while (!isThrough(attempt())) {
            view.continuesAt(bestOffset);
        }
        memory.forget();
        Duration time = Duration.ofNanos(conditions.nanos().getAsLong() - startedAt);
        return new TransferReport(confirmedUrl(), source.size(), source.size() - firstOffset, time);
    }

    private Attempt attempt() {
        return new Attempt(
                new TusConnections(conditions.server()),
                source,
                metadata,
                conditions.pacer(),
                conditions.requestSize(),
                url,
                this::created,
                view::continuesAt);
    }

    private boolean isThrough(Attempt attempt) throws TransferFailedException, InterruptedException {
        try {
            watch.run(attempt, view);
            learnFrom(attempt);
            return true;
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (Exception failure) {
            conditions.failures().accept(failure);
            learnFrom(attempt);
            react(verdicts.of(failure, attempt.step()), failure);
            return false;
        }
    }

    /** On the attempt's thread. */
    private void created(URI newUpload) {
        memory.remember(newUpload);
        url = newUpload;
    }

    /** What the server had at an attempt's begin is progress; what was sent since may not have arrived. */
    private void learnFrom(Attempt attempt) {
        if (attempt.offset() >= 0 && firstOffset < 0) {
            firstOffset = attempt.offset();
        }
        if (attempt.offset() > bestOffset) {
            bestOffset = attempt.offset();
            patience.progressed();
        }
    }

    private void react(Verdict verdict, Exception failure) throws TransferFailedException, InterruptedException {
        switch (verdict) {
            case GiveUp end -> throw failed(end.sentence(), failure);
            case Anew lost -> startAnew(lost, failure);
            case Again passing -> waitAfter(passing, failure);
        }
    }

    private void startAnew(Anew lost, Exception failure) throws TransferFailedException {
        memory.forget();
        url = null;
        if (++newStarts > NEW_STARTS_AT_MOST) {
            throw failed(lost.sentence() + ", for the " + newStarts + "th time", failure);
        }
        firstOffset = 0;
        bestOffset = 0;
        view.says(lost.sentence() + "; starting anew");
    }

    private void waitAfter(Again passing, Exception failure) throws TransferFailedException, InterruptedException {
        int failures = patience.failed();
        if (patience.isExhausted()) {
            throw failed(
                    passing.sentence() + "; given up after " + failures + (failures == 1 ? " try" : " tries"), failure);
        }
        Duration wait = conditions.backoff().after(failures);
        if (wait.compareTo(passing.notBefore()) < 0) {
            wait = passing.notBefore();
        }
        view.says(passing.sentence() + "; trying again in " + Math.max(1, Math.round(wait.toMillis() / 1000.0)) + " s");
        TimeUnit.MILLISECONDS.sleep(wait.toMillis());
    }

    private TransferFailedException failed(String sentence, Exception failure) {
        return new TransferFailedException(
                sentence, failure, memory.hasUpload() && !(failure instanceof SourceException));
    }

    private URI confirmedUrl() {
        URI confirmed = url;
        if (confirmed == null) {
            throw new IllegalStateException("An attempt ended well without an upload");
        }
        return confirmed;
    }
}
