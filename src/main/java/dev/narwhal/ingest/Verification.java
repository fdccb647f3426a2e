package dev.narwhal.ingest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The checksum that a request states for its body. Of a body that {@linkplain #isRequired() has one}, no byte is
 * recorded, shown or delivered before the checksum has been verified. If the body ends in any other way, none of its
 * bytes counts.
 */
public interface Verification {

    /** True when the request has a checksum, or announces one in a trailer. */
    boolean isRequired();

    /** The checksum if it is known before the body; the digest is then computed while the body arrives. */
    @Nullable
    BodyChecksum known();

    /**
     * The checksum that the body must have; null when none is required. Called once, at the body's end. A checksum
     * that becomes known only then costs reading the body back.
     *
     * @throws IOException when a trailer is refused. Nothing more is recorded then: a body with a checksum has
     *     nothing recorded, a body without one keeps what was recorded before
     */
    @Nullable
    BodyChecksum atEnd() throws IOException;
}
