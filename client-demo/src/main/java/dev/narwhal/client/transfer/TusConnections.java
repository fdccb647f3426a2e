package dev.narwhal.client.transfer;

import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The tus client of one {@link Attempt}, with what tus-java-client leaves to its callers: a read timeout (it has none), and
 * a look at the length that the server has on record.
 */
final class TusConnections extends TusClient {

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(15);

    private final Server server;
    private volatile @Nullable HttpURLConnection latest;

    TusConnections(Server server) {
        this.server = server;
        setUploadCreationURL(Server.url(server.endpoint()));
        setConnectTimeout(
                (int) Math.min(LONGEST_CONNECT.toMillis(), server.silence().toMillis()));
    }

    /** Called by the library for every request, before it connects. */
    @Override
    public void prepareConnection(HttpURLConnection connection) {
        super.prepareConnection(connection);
        connection.setReadTimeout((int) server.silence().toMillis());
        connection.setRequestProperty("User-Agent", "narwhal-client");
        server.headers().forEach(connection::setRequestProperty);
        latest = connection;
    }

    /**
     * The upload at this URL, from the offset that the server has.
     *
     * @throws ForeignUploadException when it cannot be an upload of this file
     */
    TusUploader resume(TusUpload upload, URI url) throws ProtocolException, IOException {
        TusUploader uploader = beginOrResumeUploadFromURL(upload, Server.url(url));
        long length = recordedLength();
        if (uploader.getOffset() > upload.getSize() || (length >= 0 && length != upload.getSize())) {
            throw new ForeignUploadException(
                    "the remembered upload has another size (" + length + " bytes on the server)");
        }
        return uploader;
    }

    /** Ends what is under way; the thread that waits for it gets an error, if the platform can do so. */
    void disconnect() {
        HttpURLConnection connection = latest;
        if (connection != null) {
            connection.disconnect();
        }
    }

    /** Negative when the server does not say. */
    private long recordedLength() {
        HttpURLConnection connection = latest;
        return connection == null ? -1 : connection.getHeaderFieldLong("Upload-Length", -1);
    }
}
