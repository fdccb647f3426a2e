package dev.narwhal.api.creation;

import dev.narwhal.access.limits.Pace;
import dev.narwhal.ingest.BodyInterruptedException;
import dev.narwhal.ingest.BodyInterruptedException.Reason;
import dev.narwhal.ingest.ChunkSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;

/** The file in a form, as a body of which nobody knows the length before its end. */
final class FormBody implements ChunkSource {

    private static final int STEP = 64 << 10;

    private final InputStream file;
    private final Pace pace;
    private final byte[] step = new byte[STEP];

    FormBody(InputStream file, Pace pace) {
        this.file = file;
        this.pace = pace;
    }

    @Override
    public int read(ByteBuffer target) throws BodyInterruptedException {
        try {
            int read = file.read(step, 0, Math.min(STEP, target.remaining()));
            if (read > 0) {
                target.put(step, 0, read);
            }
            return read;
        } catch (IOException e) {
            throw new BodyInterruptedException(reasonOf(e), e);
        }
    }

    private static Reason reasonOf(IOException e) {
        if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
            return Reason.SILENT;
        }
        return e instanceof MalformedStreamException ? Reason.MALFORMED : Reason.CUT;
    }

    @Override
    public long announcedBytes() {
        return -1;
    }

    @Override
    public Pace pace() {
        return pace;
    }
}
