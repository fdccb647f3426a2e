package dev.narwhal.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.InputBuffer;
import org.apache.catalina.connector.Request;
import org.apache.tomcat.util.http.MimeHeaders;

/**
 * Memory inside the container that a request does not need while its thread waits for the body: characters of a body
 * read as text, characters of an answer, and fields of earlier answers. Thousands of slow bodies would hold it for
 * nothing.
 */
final class ParkedMemory {

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);
    private static final int FEW_CHARACTERS = 128;
    private static final int UNLIMITED = -1;

    private final org.apache.coyote.Request request;
    private boolean small;

    ParkedMemory(org.apache.coyote.Request request) {
        this.request = request;
    }

    static boolean isPossible() {
        return ContainerFields.FOUND != null;
    }

    /**
     * Called when a body waits for the first time; the servlets' stream, which has no bytes left, holds on to the buffer
     * of the last ones.
     */
    void giveBack() {
        MimeHeaders answer = request.getResponse().getMimeHeaders();
        answer.setLimit(answer.size() + 1);
        answer.setLimit(UNLIMITED);
        ContainerFields fields = ContainerFields.FOUND;
        if (fields != null && request.getNote(CoyoteAdapter.ADAPTER_NOTES) instanceof Request servlets) {
            giveBack(servlets, fields);
        }
    }

    private void giveBack(Request servlets, ContainerFields fields) {
        InputBuffer stream = fields.stream(servlets);
        stream.setByteBuffer(NONE);
        if (small) {
            return;
        }
        small = true;
        fields.setCharacters(stream, CharBuffer.allocate(FEW_CHARACTERS).limit(0));
        if (servlets.getResponse() != null && servlets.getResponse().getContentWritten() == 0) {
            fields.setCharacters(
                    fields.stream(servlets.getResponse()),
                    CharBuffer.allocate(FEW_CHARACTERS).limit(0));
        }
    }
}
