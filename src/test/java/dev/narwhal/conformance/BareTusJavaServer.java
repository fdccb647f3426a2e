package dev.narwhal.conformance;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import me.desair.tus.server.TusFileUploadService;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/**
 * The engine as its own documentation sets it up: with its disk storage, in a Tomcat of its own. For its column in {@code
 * docs/conformance.md}; arguments: port, and directory. Runs until it is killed.
 */
public final class BareTusJavaServer {

    private BareTusJavaServer() {}

    public static void main(String[] arguments) throws IOException, LifecycleException {
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        TusFileUploadService engine = new TusFileUploadService()
                .withUploadUri("/files")
                .withStoragePath(directory.resolve("uploads").toString())
                .withUploadExpirationPeriod(Duration.ofDays(1).toMillis())
                .withDownloadFeature();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.resolve("tomcat").toString());
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", directory.toAbsolutePath().toString());
        Tomcat.addServlet(context, "tus", new EngineServlet(engine));
        context.addServletMappingDecoded("/files/*", "tus");
        tomcat.start();
        System.out.println("ready: http://127.0.0.1:" + arguments[0] + "/files");
        tomcat.getServer().await();
    }

    private static final class EngineServlet extends HttpServlet {

        @Serial
        private static final long serialVersionUID = 1;

        private final transient TusFileUploadService engine;

        EngineServlet(TusFileUploadService engine) {
            this.engine = engine;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            engine.process(request, response);
        }
    }
}
