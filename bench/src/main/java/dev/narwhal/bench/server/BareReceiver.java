package dev.narwhal.bench.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/**
 * The limit: bytes from the container's socket to a file, synced, and nothing else. It speaks so much of tus that the loads work,
 * and has no database, no lease, no check, and no memory of its uploads. Arguments: port, directory.
 */
final class BareReceiver extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient Path directory;
    private final transient ExecutorService writers = Executors.newCachedThreadPool();
    private final transient Map<String, Long> offsets = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private BareReceiver(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("bare-receiver").toString());
        tomcat.setPort(Integer.parseInt(args[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("socket.appReadBufSize", "65536");
        tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
        tomcat.getConnector().setProperty("maxConnections", "20000");
        tomcat.getConnector().getProtocolHandler().setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "bare", new BareReceiver(Path.of(args[1])));
        context.addServletMappingDecoded("/*", "bare");
        tomcat.start();
        tomcat.getServer().await();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "POST" -> create(request, response);
            case "PATCH" -> append(request, response);
            case "HEAD" -> offset(response, 200, name(request));
            case "GET" -> FileAnswer.send(directory.resolve(name(request)), request, response);
            default -> response.setStatus(204);
        }
    }

    private static String name(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = Long.toString(numbers.incrementAndGet());
        response.setHeader("Location", "/files/" + name);
        offsets.put(name, 0L);
        int length = request.getContentLength();
        if (length > 0) {
            write(name, request.getInputStream().readNBytes(length));
        }
        offset(response, 201, name);
    }

    private void write(String name, byte[] content) throws IOException {
        try (FileChannel file =
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.wrap(content));
            file.force(false);
        }
        offsets.put(name, (long) content.length);
    }

    private void append(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = name(request);
        long offset = offsets.get(name);
        if (offset == 0 && request.getContentLength() > 0 && request.getContentLength() <= DirectFile.BLOCK / 16) {
            write(name, request.getInputStream().readNBytes(request.getContentLength()));
        } else {
            try (DirectFile file = new DirectFile(directory.resolve(name), writers)) {
                offsets.put(name, file.append(request.getInputStream(), offset));
            }
        }
        offset(response, 204, name);
    }

    private void offset(HttpServletResponse response, int status, String name) {
        response.setStatus(status);
        response.setHeader("Tus-Resumable", "1.0.0");
        response.setHeader("Upload-Offset", Long.toString(offsets.getOrDefault(name, 0L)));
    }
}
