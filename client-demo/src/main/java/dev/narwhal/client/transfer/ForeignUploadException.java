package dev.narwhal.client.transfer;

import java.io.IOException;

/** What the server has under the remembered URL is not this file's upload. */
final class ForeignUploadException extends IOException {

    ForeignUploadException(String sentence) {
        super(sentence);
    }
}
