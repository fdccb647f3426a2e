package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.CutAnswers;
import dev.narwhal.testkit.CutAnswers.End;
import dev.narwhal.testkit.PlainTus;
import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that are cut at each of their bytes. HttpURLConnection takes the lines that came for the whole head, after a FIN and
 * even after a RST, and tus-java-client gives up when the offset is not among them: the line with the offset has to be the
 * first.
 */
@Tag("process")
class CutAnswerIT extends OneServer {

    private static final Logger log = LoggerFactory.getLogger(CutAnswerIT.class);

    private static final int LENGTH = 999;

    /** Comes first, because tus-java-client asks for it. */
    private static final String CONTINUE = "HTTP/1.1 100 \r\n\r\n";

    private static final String STATUS = "HTTP/1.1 204 \r\n";
    private static final String LINES = STATUS + "Upload-Offset: 999\r\n";

    /** No head is longer. Its first bytes are tried one by one. */
    private static final int HEAD = 600;

    private static final int EACH = 60;
    private static final int STEP = 15;

    @Test
    void answer_beginsWithWhatTheClientGoesOnBy() throws Exception {
        try (Wire wire = new Wire(server.root())) {
            Wire.Answer created = wire.send("""
                    POST /files HTTP/1.1
                    Host: {host}
                    Tus-Resumable: 1.0.0
                    Upload-Length: 5
                    Content-Type: application/offset+octet-stream
                    Content-Length: 2
                    """, "ab").is(201);
            assertThat(first(created, 2)).containsExactly("location", "upload-offset");
            Wire.Answer head = wire.send("""
                    HEAD %s HTTP/1.1
                    Host: {host}
                    Tus-Resumable: 1.0.0
                    """.formatted(created.location()));
            assertThat(first(head, 1)).containsExactly("upload-offset");
            Wire.Answer patched =
                    wire.send("""
                    PATCH %s HTTP/1.1
                    Host: {host}
                    Tus-Resumable: 1.0.0
                    Upload-Offset: 2
                    Content-Type: application/offset+octet-stream
                    Content-Length: 3
                    """.formatted(created.location()), "cde").is(204).has("Upload-Offset", "5");
            assertThat(first(patched, 1)).containsExactly("upload-offset");
        }
    }

    private static List<String> first(Wire.Answer answer, int lines) {
        Iterator<String> names = answer.headers().keySet().iterator();
        List<String> first = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            first.add(names.next());
        }
        return first;
    }

    /** Where tus-java-client gives up; everywhere else it goes on, or tries again. */
    @ParameterizedTest
    @EnumSource(End.class)
    void patch_whoseAnswerIsCut_endsTusJavaClientInTheFirstLinesOnly(End end) throws Exception {
        try (PlainTus tus = new PlainTus();
                CutAnswers proxy = CutAnswers.to(server.root())) {
            URI upload = tus.create(server.uploads(), LENGTH, "cut.bin");
            List<Integer> fatal = new ArrayList<>();
            for (int cut = 0; cut < HEAD; cut += cut < EACH ? 1 : STEP) {
                if (givesUp(proxy, upload, CONTINUE.length() + cut, end)) {
                    fatal.add(cut);
                }
            }
            log.info("{} after so many bytes of an answer ends tus-java-client: {}", end, fatal);
            // A reset within the status line is an IOException, a FIN there makes another status of it.
            assertThat(fatal.getFirst()).isGreaterThan(end == End.RESET ? STATUS.length() : 0);
            assertThat(fatal.getLast()).isLessThanOrEqualTo(LINES.length());
        }
    }

    /** One PATCH of one byte. */
    private static boolean givesUp(CutAnswers proxy, URI upload, int cut, End end) throws Exception {
        TusClient client = new TusClient();
        // Else the PATCH would go on the connection of the HEAD, which is not cut.
        client.setHeaders(Map.of("Connection", "close"));
        TusUpload content = new TusUpload();
        content.setSize(LENGTH);
        content.setInputStream(new ByteArrayInputStream(new byte[LENGTH]));
        proxy.after(Integer.MAX_VALUE, end);
        TusUploader uploader =
                client.beginOrResumeUploadFromURL(content, proxy.through(upload).toURL());
        uploader.setRequestPayloadSize(1);
        proxy.after(cut, end);
        try {
            uploader.uploadChunk();
            return false;
        } catch (ProtocolException e) {
            return !e.shouldRetry();
        } catch (IOException e) {
            return false;
        }
    }
}
