package dev.narwhal.bench.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** As much of S3 as one multipart upload needs. It counts parts and their bytes, and keeps none. */
public final class SinkStore extends HttpServlet implements AutoCloseable {

    private static final long serialVersionUID = 1;
    private static final String BUCKET = "sink";
    private static final String METADATA = "x-amz-meta-";
    private static final int BUFFER = 1 << 20;
    private static final int LISTED = 1000;
    /** A field, since the logging keeps weak references only. */
    private static final Logger CONTAINER = Logger.getLogger("org.apache");

    private final transient Tomcat tomcat = new Tomcat();
    private final transient NavigableMap<Integer, Long> parts = new ConcurrentSkipListMap<>();
    private final transient Map<String, String> metadata = new ConcurrentHashMap<>();
    private final transient AtomicInteger begun = new AtomicInteger();
    private volatile boolean completed;
    private volatile boolean aborted;

    public static SinkStore start() throws IOException, LifecycleException {
        SinkStore store = new SinkStore();
        store.listen();
        return store;
    }

    private void listen() throws IOException, LifecycleException {
        tomcat.setBaseDir(Files.createTempDirectory("sink-store").toString());
        CONTAINER.setLevel(Level.SEVERE);
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("socket.appReadBufSize", "131072");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "sink", this);
        context.addServletMappingDecoded("/*", "sink");
        tomcat.start();
    }

    /** Of a server that delivers here. */
    public List<String> settings() {
        return List.of(
                "--narwhal.destination.type=s3",
                "--narwhal.destination.key-template=uploads/{id}",
                "--narwhal.destination.s3.bucket=" + BUCKET,
                "--narwhal.destination.s3.endpoint=http://127.0.0.1:"
                        + tomcat.getConnector().getLocalPort(),
                "--narwhal.destination.s3.path-style=true",
                "--narwhal.destination.s3.access-key=sink",
                "--narwhal.destination.s3.secret-key=sinksink");
    }

    /** Bytes of each part that has arrived whole, by its number. */
    public NavigableMap<Integer, Long> parts() {
        return Collections.unmodifiableNavigableMap(parts);
    }

    /** Bytes of the parts from the first one to the last before a gap. */
    public long contiguous() {
        long bytes = 0;
        int next = 1;
        for (Map.Entry<Integer, Long> part : parts.entrySet()) {
            if (part.getKey() != next++) {
                break;
            }
            bytes += part.getValue();
        }
        return bytes;
    }

    /** How many multipart uploads have been created. */
    public int begun() {
        return begun.get();
    }

    public boolean isCompleted() {
        return completed;
    }

    public boolean isAborted() {
        return aborted;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean ofUpload = request.getParameter("uploadId") != null;
        switch (request.getMethod()) {
            case "PUT" -> put(request, response);
            case "POST" -> post(request, response, ofUpload);
            case "DELETE" -> {
                aborted = aborted || ofUpload;
                response.setStatus(204);
            }
            default -> tell(request, response, ofUpload);
        }
    }

    private void put(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long bytes = drain(request.getInputStream());
        String number = request.getParameter("partNumber");
        if (number != null) {
            parts.put(Integer.valueOf(number), bytes);
        }
        response.setHeader("ETag", "\"" + number + "\"");
    }

    private static long drain(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            bytes += read;
        }
        return bytes;
    }

    private void post(HttpServletRequest request, HttpServletResponse response, boolean complete) throws IOException {
        drain(request.getInputStream());
        if (complete) {
            completed = true;
            xml(response, "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>");
            return;
        }
        begun.incrementAndGet();
        for (String name : Collections.list(request.getHeaderNames())) {
            if (name.startsWith(METADATA)) {
                metadata.put(name, request.getHeader(name));
            }
        }
        xml(response, "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>");
    }

    private void tell(HttpServletRequest request, HttpServletResponse response, boolean ofUpload) throws IOException {
        boolean ofBucket = request.getRequestURI().indexOf('/', 1) < 0;
        if (ofUpload) {
            list(response, request.getParameter("part-number-marker"));
        } else if (ofBucket) {
            xml(response, "<ListMultipartUploadsResult></ListMultipartUploadsResult>");
        } else if (completed) {
            metadata.forEach(response::setHeader);
            response.setHeader("ETag", "\"whole\"");
            response.setContentLengthLong(
                    parts.values().stream().mapToLong(Long::longValue).sum());
        } else {
            response.setStatus(404);
        }
    }

    private void list(HttpServletResponse response, String marker) throws IOException {
        NavigableMap<Integer, Long> rest = parts.tailMap(marker == null ? 0 : Integer.parseInt(marker), false);
        StringBuilder text = new StringBuilder("<ListPartsResult>");
        rest.entrySet().stream()
                .limit(LISTED)
                .forEach(part -> text.append(
                        "<Part><PartNumber>%d</PartNumber><ETag>\"%d\"</ETag><Size>%d</Size></Part><NextPartNumberMarker>%d</NextPartNumberMarker>"
                                .formatted(part.getKey(), part.getKey(), part.getValue(), part.getKey())));
        xml(
                response,
                text.append("<IsTruncated>" + (rest.size() > LISTED) + "</IsTruncated></ListPartsResult>")
                        .toString());
    }

    private static void xml(HttpServletResponse response, String text) throws IOException {
        response.setContentType("application/xml");
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }
}
