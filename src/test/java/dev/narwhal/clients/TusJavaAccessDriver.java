package dev.narwhal.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusExecutor;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One upload of tus-java-client to a server that wants a key, which is renewed before each attempt but the first one. The line
 * protocol is that of {@link KeyedClients}.
 */
final class TusJavaAccessDriver {

    private static final int CHUNK = 512 * 1024;
    private static final int PIECE = 64 * 1024;

    private final BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    private final TusClient client = new TusClient();
    private final File file;
    private @Nullable TusUploader uploader;

    private TusJavaAccessDriver(File file, URI creationUrl) throws IOException {
        this.file = file;
        client.setUploadCreationURL(creationUrl.toURL());
        client.enableResuming(new TusURLMemoryStore());
    }

    public static void main(String[] arguments) throws Exception {
        TusJavaAccessDriver driver = new TusJavaAccessDriver(new File(arguments[0]), URI.create(arguments[1]));
        try {
            System.out.println("DONE " + driver.run());
        } catch (ProtocolException e) {
            HttpURLConnection cause = e.getCausingConnection();
            System.out.println("FAILED " + (cause == null ? e.toString() : cause.getResponseCode()));
        } catch (IOException e) {
            System.out.println("FAILED " + e);
        }
        System.exit(0);
    }

    private String run() throws IOException, ProtocolException {
        renew();
        TusExecutor executor = new TusExecutor() {
            private boolean isFirst = true;

            @Override
            protected void makeAttempt() throws ProtocolException, IOException {
                if (!isFirst) {
                    renew();
                }
                isFirst = false;
                attempt();
            }
        };
        executor.setDelays(new int[] {100, 200, 400, 800});
        executor.makeAttempts();
        return String.valueOf(uploader == null ? null : uploader.getUploadURL());
    }

    /** Without a new one it goes on with the old one. */
    private void renew() throws IOException {
        System.out.println("KEY");
        String key = answers.readLine();
        if (key != null && !key.isEmpty()) {
            client.setHeaders(Map.of("Authorization", "Bearer " + key));
        }
    }

    private void attempt() throws ProtocolException, IOException {
        TusUpload upload = new TusUpload(file);
        upload.setMetadata(Map.of("filename", file.getName()));
        uploader = client.resumeOrCreateUpload(upload);
        uploader.setRequestPayloadSize(CHUNK);
        uploader.setChunkSize(PIECE);
        while (uploader.uploadChunk() > -1) {
            // Until there is no more.
        }
        uploader.finish();
    }
}
