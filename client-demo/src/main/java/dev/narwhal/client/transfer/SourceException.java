package dev.narwhal.client.transfer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file at this end cannot be read, or is no longer what it was: trying again does not help. The message is a sentence
 * without the file's name.
 */
public final class SourceException extends IOException {

    SourceException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
