package dev.narwhal.access.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes commands from this machine: one line of JSON, {@code {"keys":["list"]}}, and one for the answer. The rights of the directory in
 * which the socket is are all that it asks for. A server whose socket cannot be made does without.
 */
public final class ControlSocket implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);

    private final Path dataDirectory;
    private final KeyCommands commands;
    private volatile @Nullable ServerSocketChannel socket;

    /** @param dataDirectory held by this process */
    public ControlSocket(Path dataDirectory, KeyCommands commands) {
        this.dataDirectory = dataDirectory;
        this.commands = commands;
    }

    @Override
    public void start() {
        try {
            ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                opened.bind(UnixDomainSocketAddress.of(ControlPath.prepare(dataDirectory)));
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
            socket = opened;
            Thread.ofVirtual().name("control").start(() -> accept(opened));
        } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
            log.warn("access.no-control \"narwhal keys\" does not reach this server: {}", e.toString());
        }
    }

    private void accept(ServerSocketChannel opened) {
        while (opened.isOpen()) {
            try {
                SocketChannel connection = opened.accept();
                Thread.ofVirtual().name("control-command").start(() -> serve(connection));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("access.no-control \"narwhal keys\" does not reach this server any more: {}", e.toString());
                return;
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection;
                BufferedReader in = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
                Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8)) {
            String line = in.readLine();
            if (line != null) {
                JsonMapper json = JsonMapper.shared();
                out.write(execute(line, json).json(json) + "\n");
                out.flush();
            }
        } catch (IOException e) {
            log.debug("access.control-broken", e);
        }
    }

    private CommandResult execute(String line, JsonMapper json) {
        try {
            if (json.readValue(line, Map.class).get("keys") instanceof List<?> words) {
                return commands.execute(words.stream().map(String::valueOf).toList());
            }
            return CommandResult.wrong("the server does not know this command; it may be of another version");
        } catch (JacksonException e) {
            return CommandResult.wrong("the server does not understand this command");
        } catch (RuntimeException e) {
            log.error("access.control-failed a command of the machine has failed", e);
            return CommandResult.failed("the server has failed at this; its log says why");
        }
    }

    @Override
    public void stop() {
        ServerSocketChannel opened = socket;
        socket = null;
        if (opened == null) {
            return;
        }
        try {
            opened.close();
            ControlPath.removeLeft(ControlPath.directory(dataDirectory));
        } catch (IOException e) {
            log.debug("access.control-left", e);
        }
    }

    @Override
    public boolean isRunning() {
        return socket != null;
    }
}
