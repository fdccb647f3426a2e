package dev.narwhal.protocol.tus;

import dev.narwhal.NarwhalApplication;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.desair.tus.server.TusExtension;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The server, in this process, with an extension of its user's. */
record ExtendedServer(ConfigurableApplicationContext context) implements AutoCloseable {

    static ExtendedServer start(Path dir, TusExtension extension, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--narwhal.data-dir=" + dir.resolve("data"));
        return new ExtendedServer(new SpringApplicationBuilder(NarwhalApplication.class)
                .initializers(early -> early.getBeanFactory().registerSingleton("usersExtension", extension))
                .run(arguments.toArray(String[]::new)));
    }

    URI files() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/files");
    }

    @Override
    public void close() {
        context.close();
    }
}
