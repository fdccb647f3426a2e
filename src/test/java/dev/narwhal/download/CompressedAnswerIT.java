package dev.narwhal.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator lets the container compress. It leaves files as they are: their strong ETag stands for exactly these bytes. */
class CompressedAnswerIT {

    @TempDir
    private Path dir;

    @Test
    void textFile_isSentAsItIs_toAClientThatTakesCompressed() throws Exception {
        byte[] content = "narwhal ".repeat(40_000).getBytes(StandardCharsets.US_ASCII);
        try (ServerInProcess server = ServerInProcess.start(dir.resolve("data"), "--server.compression.enabled=true");
                PlainTus tus = new PlainTus();
                HttpClient client = HttpClient.newHttpClient()) {
            // filename a.txt, filetype text/plain
            URI upload = tus.create(
                    server.uploads(), content.length, "filename YS50eHQ=,filetype dGV4dC9wbGFpbg==", content);
            DeliveredFiles.in(dir.resolve("data/delivered")).await(upload);

            HttpRequest request = HttpRequest.newBuilder(upload)
                    .header("Accept-Encoding", "gzip")
                    .build();
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());

            assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(answer.body()).isEqualTo(content);
        }
    }
}
