package dev.narwhal.protocol.tus;

import dev.narwhal.testkit.ServerInProcess;
import java.nio.file.Path;
import me.desair.tus.server.TusExtension;

/** The server, in this process, with an extension of its user's. */
final class ExtendedServer {

    private ExtendedServer() {}

    static ServerInProcess start(Path dir, TusExtension extension, String... settings) {
        return ServerInProcess.start(
                dir.resolve("data"),
                application -> application.initializers(
                        early -> early.getBeanFactory().registerSingleton("usersExtension", extension)),
                settings);
    }
}
