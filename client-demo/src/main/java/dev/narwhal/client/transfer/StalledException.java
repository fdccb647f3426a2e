package dev.narwhal.client.transfer;

import java.io.IOException;

/** Nothing moved for too long; the other side is taken for dead. */
final class StalledException extends IOException {

    StalledException(String sentence) {
        super(sentence);
    }
}
