package dev.narwhal.client;

import dev.narwhal.client.progress.BarView;
import dev.narwhal.client.progress.PlainView;
import dev.narwhal.client.progress.SilentView;
import dev.narwhal.client.progress.Units;
import dev.narwhal.client.resume.Claim;
import dev.narwhal.client.resume.RememberedUploads;
import dev.narwhal.client.resume.UploadKey;
import dev.narwhal.client.transfer.Backoff;
import dev.narwhal.client.transfer.Metadata;
import dev.narwhal.client.transfer.Pacer;
import dev.narwhal.client.transfer.Patience;
import dev.narwhal.client.transfer.Server;
import dev.narwhal.client.transfer.SourceException;
import dev.narwhal.client.transfer.SourceFile;
import dev.narwhal.client.transfer.Transfer;
import dev.narwhal.client.transfer.Transfer.Conditions;
import dev.narwhal.client.transfer.TransferFailedException;
import dev.narwhal.client.transfer.TransferReport;
import dev.narwhal.client.transfer.TransferView;
import dev.narwhal.client.transfer.UploadMemory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The files of one call of the program, with the options checked once. */
final class UploadRun {

    private final UploadOptions options;
    private final Surroundings surroundings;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Conditions conditions;
    private final Optional<RememberedUploads> uploads;
    private final StopNotice stopNotice = new StopNotice();
    private final Map<String, String> metadata;

    /** @throws IllegalArgumentException with a sentence, when an option is out of its range */
    UploadRun(UploadOptions options, Surroundings surroundings, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.surroundings = surroundings;
        this.out = out;
        this.err = err;
        this.conditions = conditions();
        this.uploads = options.noResume
                ? Optional.empty()
                : Optional.of(new RememberedUploads(stateDirectory(), surroundings.clock()));
        patience();
        this.metadata = new Metadata(withBatch(options.meta)).pairs();
        stopNotice.install();
    }

    /** The files of a run belong together: Narwhal shows them as one batch. */
    private static Map<String, String> withBatch(Map<String, String> given) {
        Map<String, String> all = new LinkedHashMap<>(given);
        all.putIfAbsent("batch", UUID.randomUUID().toString());
        return all;
    }

    /** Whether the file is on the server; what went wrong has been said. */
    boolean upload(Path file) throws InterruptedException {
        try {
            SourceFile source = SourceFile.of(file);
            UploadKey key = new UploadKey(source.path(), source.size(), source.modified(), options.url);
            return uploads.isPresent() ? uploadAlone(source, key, uploads.get()) : transfer(source, key);
        } catch (SourceException unusable) {
            complain(file.toString(), String.valueOf(unusable.getMessage()), unusable);
            return false;
        }
    }

    /** Two processes that upload the same file would take the upload from each other without end. */
    private boolean uploadAlone(SourceFile source, UploadKey key, RememberedUploads remembered)
            throws InterruptedException {
        Optional<Claim> claim = Optional.empty();
        try {
            remembered.removeOld();
            claim = remembered.claim(key);
            if (claim.isEmpty()) {
                complain(source.name(), "is being uploaded by another process", null);
                return false;
            }
        } catch (IOException unusable) {
            complain(source.name(), "goes up, but cannot be resumed after a stop (" + unusable + ")", unusable);
        }
        try {
            return transfer(source, key);
        } finally {
            claim.ifPresent(Claim::close);
        }
    }

    private boolean transfer(SourceFile source, UploadKey key) throws InterruptedException {
        TransferView view = view(source);
        UploadMemory memory = new UploadMemory(uploads, key, view::says);
        Transfer transfer = new Transfer(conditions, source, Metadata.of(source, metadata), memory, patience(), view);
        stopNotice.covers(view, memory);
        try {
            TransferReport report = transfer.run();
            view.close();
            tell(source, report);
            return true;
        } catch (TransferFailedException failed) {
            view.close();
            complain(source.name(), sentence(failed), failed);
            return false;
        } finally {
            stopNotice.coversNothing();
        }
    }

    private void tell(SourceFile source, TransferReport report) {
        String sent = report.continuedEarlierRun() ? ", the last " + Units.bytes(report.sent()) + " of them" : "";
        out.println(Units.printable(source.name()) + ": uploaded, " + Units.bytes(report.size()) + sent + " in "
                + Units.duration(report.time()) + " (" + Units.speed(report.bytesPerSecond()) + ")");
        out.println("  " + report.url());
        out.flush();
    }

    private static String sentence(TransferFailedException failed) {
        return failed.getMessage() + (failed.isResumable() ? "; the same command goes on where this one ended" : "");
    }

    private void complain(String name, String sentence, @Nullable Exception failure) {
        err.println(Units.printable(name) + ": " + Units.printable(sentence));
        if (failure != null) {
            trace(failure);
        }
        err.flush();
    }

    private Conditions conditions() {
        if (options.chunkSize.bytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "--chunk-size is below 2G, not " + Units.bytes(options.chunkSize.bytes()));
        }
        Map<String, String> headers = options.headers.stream()
                .collect(Collectors.toMap(Header::name, Header::value, (first, second) -> first + ", " + second));
        return new Conditions(
                new Server(options.url, headers, options.timeout),
                (int) options.chunkSize.bytes(),
                new Pacer(options.limitRate == null ? 0 : options.limitRate.bytes(), surroundings.nanos()),
                new Backoff(new SplittableRandom()),
                surroundings.nanos(),
                this::trace);
    }

    private void trace(Exception failure) {
        if (options.verbose) {
            failure.printStackTrace(err);
        }
    }

    private Patience patience() {
        return new Patience(options.retries, options.retryFor, surroundings.nanos());
    }

    private Path stateDirectory() {
        return options.stateDirectory == null ? surroundings.stateDirectory() : options.stateDirectory.toAbsolutePath();
    }

    private TransferView view(SourceFile source) {
        boolean bar = options.progress == UploadOptions.Progress.auto
                ? surroundings.terminal()
                : options.progress == UploadOptions.Progress.bar;
        if (options.progress == UploadOptions.Progress.none) {
            return new SilentView(err, source.name());
        }
        return bar
                ? new BarView(out, surroundings.nanos(), source.name(), source.size())
                : new PlainView(out, surroundings.nanos(), source.name(), source.size());
    }
}
