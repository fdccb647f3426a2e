package dev.narwhal.bench.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file, or one range of it, by the kernel. */
final class FileAnswer {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private FileAnswer() {}

    static void send(Path file, HttpServletRequest request, HttpServletResponse response) throws IOException {
        long start = 0;
        long end = Files.size(file);
        String range = request.getHeader("Range");
        if (range != null) {
            Matcher matcher = RANGE.matcher(range);
            if (!matcher.matches()) {
                response.setStatus(416);
                return;
            }
            start = Long.parseLong(matcher.group(1));
            response.setStatus(206);
            response.setHeader("Content-Range", "bytes " + start + "-" + matcher.group(2) + "/" + end);
            end = Long.parseLong(matcher.group(2)) + 1;
        }
        response.setContentLengthLong(end - start);
        request.setAttribute("org.apache.tomcat.sendfile.filename", file.toString());
        request.setAttribute("org.apache.tomcat.sendfile.start", start);
        request.setAttribute("org.apache.tomcat.sendfile.end", end);
    }
}
