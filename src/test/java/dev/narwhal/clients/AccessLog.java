package dev.narwhal.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The requests that the server has answered, as Tomcat's access log tells them; it goes on over restarts. */
record AccessLog(Path directory) {

    private static final String PATTERN = String.join(
            "|",
            "%m",
            "%U",
            "%s",
            "%{X-HTTP-Method-Override}i",
            "%{Upload-Offset}i",
            "%{Upload-Defer-Length}i",
            "%{Location}o",
            "%{Upload-Checksum}i",
            "%{Upload-Concat}i",
            "%{Upload-Metadata}i");

    /** What the server has to be started with. */
    List<String> settings() {
        String prefix = "--server.tomcat.accesslog.";
        return List.of(
                prefix + "enabled=true",
                prefix + "directory=" + directory,
                prefix + "buffered=false",
                prefix + "rotate=false",
                prefix + "pattern=" + PATTERN);
    }

    /** The number of requests so far, for {@link #since}. */
    int mark() {
        return lines().size();
    }

    List<Request> since(int mark) {
        List<String> lines = lines();
        return lines.subList(mark, lines.size()).stream().map(Request::of).toList();
    }

    /** The POSTs that made an upload, among those. */
    List<Request> creationsSince(int mark) {
        return since(mark).stream().filter(Request::created).toList();
    }

    private List<String> lines() {
        Path file = directory.resolve("access_log.log");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line; what the request did not have is {@code -}. */
    record Request(
            String method,
            String path,
            int status,
            String override,
            String offset,
            String deferLength,
            String location,
            String checksum,
            String concat,
            String metadata) {

        static Request of(String line) {
            String[] fields = line.split("\\|", -1);
            return new Request(
                    fields[0],
                    fields[1],
                    Integer.parseInt(fields[2]),
                    fields[3],
                    fields[4],
                    fields[5],
                    fields[6],
                    fields[7],
                    fields[8],
                    fields[9]);
        }

        /** A POST that made an upload. */
        boolean created() {
            return method.equals("POST") && status == 201;
        }

        /** The id of the upload that was asked for. */
        String id() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        /** The id of the upload that was made. */
        String createdId() {
            return location.substring(location.lastIndexOf('/') + 1);
        }

        /** A PATCH, also one that was sent as POST. */
        boolean isPatch() {
            return method.equals("PATCH") || override.equalsIgnoreCase("PATCH");
        }

        /** Upload-Offset; -1 when the request had none. */
        long offsetOrNone() {
            return offset.equals("-") ? -1 : Long.parseLong(offset);
        }
    }
}
