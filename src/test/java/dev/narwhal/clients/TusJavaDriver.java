package dev.narwhal.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusExecutor;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of tus-java-client for the matrix of clients, as a process of its own, so that each release has its own class
 * path. It uses only what all releases since 0.4.0 have; its command line is described in {@link Client}.
 */
final class TusJavaDriver {

    private static final int ATTEMPTS = 120;
    private static final int DELAY_MILLIS = 500;

    private final File file;
    private final TusClient client = new TusClient();
    private final @Nullable Path store;
    private @Nullable URL upload;

    private TusJavaDriver(File file, URL creationUrl, @Nullable Path store) throws IOException {
        this.file = file;
        this.store = store;
        client.setUploadCreationURL(creationUrl);
        if (store != null && Files.exists(store)) {
            upload = url(Files.readString(store, UTF_8));
        }
    }

    public static void main(String[] arguments) throws Exception {
        if (!arguments[0].equals("upload")) {
            throw new IllegalArgumentException("tus-java-client cannot " + arguments[0]);
        }
        boolean stored = arguments.length > 4 && arguments[3].equals("--store");
        Path store = stored ? Path.of(arguments[4]) : null;
        new TusJavaDriver(new File(arguments[1]), url(arguments[2]), store).run();
    }

    private void run() throws IOException, ProtocolException {
        TusExecutor executor = new TusExecutor() {
            @Override
            protected void makeAttempt() throws ProtocolException, IOException {
                attempt();
            }
        };
        int[] delays = new int[ATTEMPTS];
        Arrays.fill(delays, DELAY_MILLIS);
        executor.setDelays(delays);
        if (!executor.makeAttempts()) {
            throw new IOException("Given up");
        }
        System.out.println("DONE " + upload);
    }

    private void attempt() throws ProtocolException, IOException {
        TusUpload source = new TusUpload(file);
        source.setMetadata(Map.of("filename", file.getName()));
        TusUploader uploader =
                upload == null ? client.createUpload(source) : client.beginOrResumeUploadFromURL(source, upload);
        upload = uploader.getUploadURL();
        if (store != null) {
            Files.writeString(store, upload.toString());
        }
        while (uploader.uploadChunk() > -1) {
            System.out.println("OFFSET " + uploader.getOffset());
        }
        uploader.finish();
    }

    private static URL url(String text) throws IOException {
        return URI.create(text).toURL();
    }
}
