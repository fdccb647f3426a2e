package dev.narwhal.access.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gives a command to the server that holds a data directory. */
public final class ControlClient {

    private ControlClient() {}

    /**
     * @param words after {@code keys}
     * @return empty when no server listens there, whatever a killed one may have left
     * @throws IOException with a sentence when a server is there and cannot be asked
     */
    public static Optional<CommandResult> send(Path dataDirectory, List<String> words) throws IOException {
        Path socket = ControlPath.find(dataDirectory).orElse(null);
        SocketChannel connection = socket == null ? null : connect(socket);
        if (connection == null) {
            return Optional.empty();
        }
        JsonMapper json = JsonMapper.shared();
        try (connection;
                Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8);
                BufferedReader in = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8))) {
            out.write(json.writeValueAsString(Map.of("keys", words)) + "\n");
            out.flush();
            String answer = in.readLine();
            if (answer == null) {
                throw new IOException("the server went away before it answered: look with \"narwhal keys list\" whether"
                        + " it has done it");
            }
            JsonNode result = json.readTree(answer);
            return Optional.of(new CommandResult(
                    result.path("status").asInt(1),
                    result.path("out").asString(""),
                    result.path("err").asString("")));
        }
    }

    private static @Nullable SocketChannel connect(Path socket) throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException | NoSuchFileException e) {
            return null;
        } catch (UnsupportedOperationException e) {
            throw new IOException("this system has no sockets in files: use the API, or stop the server first", e);
        }
    }
}
