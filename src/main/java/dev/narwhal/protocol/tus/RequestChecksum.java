package dev.narwhal.protocol.tus;

import dev.narwhal.ingest.BodyChecksum;
import dev.narwhal.ingest.Verification;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checksum of a request's body: from the header, from a trailer announced in the header Trailer, or from both,
 * which must then agree (T119, T130, T131). Any framing allows a trailer: HTTP/1.1 sends it after the chunks, HTTP/2
 * after the data.
 */
final class RequestChecksum implements Verification {

    private static final String TRAILER = "Trailer";

    private final HttpServletRequest request;
    private final @Nullable BodyChecksum header;
    private final boolean trailerAnnounced;

    private RequestChecksum(HttpServletRequest request, @Nullable BodyChecksum header, boolean trailerAnnounced) {
        this.request = request;
        this.header = header;
        this.trailerAnnounced = trailerAnnounced;
    }

    /** @throws TusProblem when the header is wrong; the trailer is checked at the body's end */
    static RequestChecksum of(HttpServletRequest request) throws TusProblem {
        String value = TusHeaders.single(request, ChecksumHeader.NAME);
        return new RequestChecksum(
                request, value == null ? null : ChecksumHeader.parse(value), announcesTrailer(request));
    }

    private static boolean announcesTrailer(HttpServletRequest request) {
        return Collections.list(request.getHeaders(TRAILER)).stream()
                .flatMap(names -> Arrays.stream(names.split(",")))
                .anyMatch(name -> name.strip().equalsIgnoreCase(ChecksumHeader.NAME));
    }

    @Override
    public boolean isRequired() {
        return header != null || trailerAnnounced;
    }

    @Override
    public @Nullable BodyChecksum known() {
        return header;
    }

    @Override
    public @Nullable BodyChecksum atEnd() throws RefusedTrailerException {
        Optional<BodyChecksum> trailer = trailer();
        if (trailer.isPresent() != trailerAnnounced) {
            throw new RefusedTrailerException(
                    trailerAnnounced ? TusError.CHECKSUM_TRAILER_MISSING : TusError.CHECKSUM_TRAILER_NOT_ANNOUNCED);
        }
        if (header != null && trailer.isPresent() && !trailer.get().equals(header)) {
            throw new RefusedTrailerException(TusError.CHECKSUMS_DIFFER);
        }
        return trailer.orElse(header);
    }

    private Optional<BodyChecksum> trailer() throws RefusedTrailerException {
        if (!request.isTrailerFieldsReady()) {
            return Optional.empty();
        }
        try {
            // Compares names case-insensitively: Tomcat keeps the client's case, although the Servlet API promises
            // lower case. Tomcat joins repetitions of one spelling with commas, which no checksum contains.
            List<String> values = request.getTrailerFields().entrySet().stream()
                    .filter(field -> field.getKey().equalsIgnoreCase(ChecksumHeader.NAME))
                    .map(Map.Entry::getValue)
                    .toList();
            TusHeaders.requireAtMostOne(ChecksumHeader.NAME, values);
            return values.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ChecksumHeader.parse(values.getFirst().strip()));
        } catch (TusProblem e) {
            throw new RefusedTrailerException(e);
        }
    }
}
