package dev.narwhal.ingest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about the checksum of its body. Of a body that {@linkplain #isRequired() has one} no byte is recorded,
 * shown or delivered before it was compared; however else the body ends, nothing of it counts.
 */
public interface Verification {

    /** There is a checksum, or one is announced for the body's end. */
    boolean isRequired();

    /** The checksum, where it is known before the body: it is computed while the body comes in. */
    @Nullable
    BodyChecksum known();

    /**
     * Asked once, when the body is whole: the checksum it must have; null when none is required. What becomes known only
     * now costs reading the body back.
     *
     * @throws IOException when the body is refused for what came at its end; nothing of it is recorded then but what a
     *     body without a checksum has had recorded on the way
     */
    @Nullable
    BodyChecksum atEnd() throws IOException;
}
