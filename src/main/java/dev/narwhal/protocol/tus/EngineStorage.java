package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.download.Download;
import dev.narwhal.download.UploadDownloads;
import dev.narwhal.ingest.AppendSession;
import dev.narwhal.ingest.ChunkAppender;
import dev.narwhal.ingest.NewFinal;
import dev.narwhal.ingest.NewUpload;
import dev.narwhal.ingest.UploadConcatenator;
import dev.narwhal.ingest.UploadCreator;
import dev.narwhal.ingest.UploadExpiredException;
import dev.narwhal.ingest.UploadLookup;
import dev.narwhal.ingest.UploadTerminator;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadKind;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.exception.UploadNotFoundException;
import me.desair.tus.server.upload.UploadId;
import me.desair.tus.server.upload.UploadIdFactory;
import me.desair.tus.server.upload.UploadInfo;
import me.desair.tus.server.upload.UploadLockingService;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.upload.UploadType;
import me.desair.tus.server.upload.concatenation.UploadConcatenationService;
import org.jspecify.annotations.Nullable;

/**
 * The engine's storage, which delegates to the use-cases of receiving. Reads of the request's own upload return the
 * exchange's snapshot of the row.
 */
final class EngineStorage implements UploadStorageService {

    private final UploadLookup lookup;
    private final UploadCreator creator;
    private final ChunkAppender appender;
    private final UploadConcatenator concatenator;
    private final UploadTerminator terminator;
    private final UploadDownloads downloads;
    private final UploadIdFactory ids;
    private final TusLimits limits;
    private final Limiter limiter;

    EngineStorage(
            UploadLookup lookup,
            UploadCreator creator,
            ChunkAppender appender,
            UploadConcatenator concatenator,
            UploadTerminator terminator,
            UploadDownloads downloads,
            UploadIdFactory ids,
            TusLimits limits,
            Limiter limiter) {
        this.lookup = lookup;
        this.creator = creator;
        this.appender = appender;
        this.concatenator = concatenator;
        this.terminator = terminator;
        this.downloads = downloads;
        this.ids = ids;
        this.limits = limits;
        this.limiter = limiter;
    }

    @Override
    public @Nullable UploadInfo getUploadInfo(String uploadUrl, String ownerKey) {
        return find(caller().as(ownerKey), uploadUrl).map(EngineUploadInfo::of).orElse(null);
    }

    @Override
    public @Nullable UploadInfo getUploadInfo(UploadId id) {
        return find(caller(), id.toString()).map(EngineUploadInfo::of).orElse(null);
    }

    /** The caller of the current request; {@link Caller#ANYBODY} for an extension that calls outside of a request. */
    private static Caller caller() {
        return TusExchange.isActive() ? TusExchange.current().caller() : Caller.ANYBODY;
    }

    /** The caller with the owner that the extension passed. */
    private static Caller caller(UploadInfo info) {
        String owner = info.getOwnerKey();
        return owner == null ? caller() : caller().as(owner);
    }

    private Optional<Upload> find(Caller caller, String url) {
        UploadId id = ids.readUploadId(url);
        if (id == null) {
            return Optional.empty();
        }
        dev.narwhal.upload.UploadId own = new dev.narwhal.upload.UploadId(id.toString());
        return isSnapshot(caller, own)
                ? Optional.ofNullable(TusExchange.current().upload())
                : findOther(caller, own);
    }

    /** True for the request's own upload and the request's own caller. */
    private static boolean isSnapshot(Caller caller, dev.narwhal.upload.UploadId id) {
        return TusExchange.isActive()
                && id.equals(TusExchange.current().target())
                && caller.equals(TusExchange.current().caller());
    }

    /** Finds an upload other than the request's own; for an extension, an expired one counts as none. */
    private Optional<Upload> findOther(Caller caller, dev.narwhal.upload.UploadId id) {
        try {
            return lookup.find(caller, id);
        } catch (UploadExpiredException e) {
            return Optional.empty();
        }
    }

    @Override
    public String getUploadUri() {
        return ids.getUploadUri();
    }

    /** Ignores the stream: the exchange's request has the original body, with its announced length. */
    @Override
    public UploadInfo append(UploadInfo info, InputStream inputStream) throws IOException, TusException {
        TusExchange exchange = TusExchange.current();
        AppendSession session = Objects.requireNonNull(exchange.session(), "Appending needs the upload's lease");
        HttpServletRequest request = exchange.request();
        Upload after = session.receive(
                new RequestBody(request, limiter.pace(exchange.caller())),
                limit(session, request),
                RequestChecksum.of(request));
        exchange.updateSnapshot(after);
        return EngineUploadInfo.of(after);
    }

    /**
     * The offset beyond which no byte is taken. A length declared by this request counts, although it may be fixed
     * only after the body has been verified.
     */
    private long limit(AppendSession session, HttpServletRequest request) throws TusProblem {
        Upload upload = session.upload();
        Long declared = upload.length() == null ? TusHeaders.length(request) : upload.length();
        if (declared != null) {
            return declared;
        }
        long largest = Math.min(
                limits.within(caller().creation().largestUpload()).largestUpload(), limiter.largestUpload(caller()));
        long room = limiter.roomFor(upload);
        return room < largest - upload.offset() ? upload.offset() + room : largest;
    }

    @Override
    public UploadInfo create(UploadInfo info, String ownerKey) throws IOException {
        Caller caller = TusExchange.current().creator().as(ownerKey);
        Upload created = info.getUploadType() == UploadType.CONCATENATED
                ? concatenator.concatenate(toNewFinal(info, caller))
                : create(toNewUpload(info, caller));
        TusExchange.current().updateSnapshot(created);
        return EngineUploadInfo.of(created);
    }

    /** With a body to come, the upload gets its row from the body's session. */
    private Upload create(NewUpload wanted) throws IOException {
        TusExchange exchange = TusExchange.current();
        if (!exchange.expectsBody()) {
            return creator.create(wanted);
        }
        limiter.requireRoom(wanted.caller(), wanted.length());
        AppendSession session = appender.openNew(creator.plan(wanted));
        exchange.attach(session);
        return session.upload();
    }

    private static NewUpload toNewUpload(UploadInfo info, Caller caller) throws IOException {
        boolean partial = info.getUploadType() == UploadType.PARTIAL;
        return new NewUpload(
                caller,
                partial ? UploadKind.PARTIAL : UploadKind.WHOLE,
                info.getLength(),
                description(info, partial ? info.getUploadConcatHeaderValue() : null));
    }

    private static NewFinal toNewFinal(UploadInfo info, Caller caller) throws IOException {
        return new NewFinal(
                caller,
                info.getConcatenationPartIds().stream()
                        .map(dev.narwhal.upload.UploadId::new)
                        .toList(),
                description(info, info.getUploadConcatHeaderValue()));
    }

    private static UploadDescription description(UploadInfo info, @Nullable String concat) throws IOException {
        MetadataHeader metadata = metadata(info);
        return new UploadDescription(
                info.getEncodedMetadata(),
                metadata.filename().orElse(null),
                metadata.contentType().orElse(null),
                concat);
    }

    private static MetadataHeader metadata(UploadInfo info) throws IOException {
        String header = info.getEncodedMetadata();
        try {
            return MetadataHeader.parse(header == null ? "" : header);
        } catch (TusProblem e) {
            throw new IOException(e);
        }
    }

    /** Only declares a deferred length: the engine changes nothing else here. */
    @Override
    public void update(UploadInfo info) throws UploadNotFoundException {
        TusExchange exchange = TusExchange.current();
        AppendSession session = exchange.session();
        Long length = info.getLength();
        if (session != null && length != null && session.upload().isLengthDeferred()) {
            exchange.updateSnapshot(session.declareLength(length));
        }
    }

    @Override
    public void terminateUpload(UploadInfo info) throws IOException {
        terminator.terminate(
                caller(info), new dev.narwhal.upload.UploadId(info.getId().toString()));
    }

    @Override
    public InputStream getUploadedBytes(String uploadUri, String ownerKey) throws IOException, UploadNotFoundException {
        return new DownloadStream(open(caller().as(ownerKey), uploadUri));
    }

    @Override
    public InputStream getUploadedBytes(UploadId id) throws IOException, UploadNotFoundException {
        return new DownloadStream(open(caller(), id.toString()));
    }

    @Override
    public void copyUploadTo(UploadInfo info, OutputStream outputStream) throws UploadNotFoundException, IOException {
        try (Download download = open(caller(info), info.getId().toString())) {
            download.transfer(0, download.length(), outputStream);
        }
    }

    private Download open(Caller caller, String url) throws UploadNotFoundException, IOException {
        Upload upload = find(caller, url)
                .filter(found -> found.state().isComplete())
                .orElseThrow(() -> new UploadNotFoundException("There is no such finished upload"));
        return downloads.open(caller, upload);
    }

    /** Does nothing. The append decides which bytes of a failed body count; truncating here would lose good bytes. */
    @Override
    public void removeLastNumberOfBytes(UploadInfo uploadInfo, long byteCount) {
        // See above.
    }

    @Override
    public void cleanupExpiredUploads(UploadLockingService uploadLockingService) {
        // The expiry sweep is a scheduled task of this server.
    }

    @Override
    public long getMaxUploadSize() {
        return limits.advertisedMaxSize();
    }

    /**
     * Ignored: the engine sets its own defaults on every storage, but this server's limits come from the settings.
     */
    @Override
    public void setMaxUploadSize(Long maxUploadSize) {
        // See above.
    }

    @Override
    public @Nullable Long getUploadExpirationPeriod() {
        return null;
    }

    @Override
    public void setUploadExpirationPeriod(Long uploadExpirationPeriod) {
        // See setMaxUploadSize.
    }

    @Override
    public void setUploadConcatenationService(UploadConcatenationService concatenationService) {
        // The use-cases create and finish finals, in one transaction each.
    }

    @Override
    public @Nullable UploadConcatenationService getUploadConcatenationService() {
        return null;
    }

    @Override
    public void setIdFactory(UploadIdFactory idFactory) {
        // The factory given to the constructor is also the engine's.
    }
}
