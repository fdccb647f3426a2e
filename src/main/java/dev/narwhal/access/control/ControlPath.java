package dev.narwhal.access.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where the socket is: in the directory {@code control} of the data directory, which only its owner may enter. A socket's path has
 * room for about 100 bytes; for a longer one a private temporary directory stands in, whose path is in a file there.
 */
final class ControlPath {

    private static final String DIRECTORY = "control";
    private static final String SOCKET = "socket";
    private static final String ELSEWHERE = "elsewhere";
    private static final int LONGEST = 100;

    private ControlPath() {}

    /** For the server, which holds the data directory: removes what a killed one has left. */
    static Path prepare(Path dataDirectory) throws IOException {
        Path directory = dataDirectory.resolve(DIRECTORY);
        removeLeft(directory);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory, ownersOnly(directory));
        } else if (isPosix(directory)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        Path socket = directory.resolve(SOCKET);
        if (length(socket) <= LONGEST) {
            return socket;
        }
        Path elsewhere = Files.createTempDirectory("narwhal-").resolve(SOCKET);
        if (length(elsewhere) > LONGEST) {
            Files.delete(elsewhere.getParent());
            throw new IOException("the path of the temporary directory is too long for a socket: " + elsewhere);
        }
        Files.writeString(directory.resolve(ELSEWHERE), elsewhere.toString());
        return elsewhere;
    }

    /** For the server that stops. */
    static void removeLeft(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(SOCKET));
        Optional<Path> elsewhere = elsewhere(directory);
        if (elsewhere.isPresent() && isOwnersOnly(elsewhere.get(), directory)) {
            Files.deleteIfExists(elsewhere.get());
            Files.deleteIfExists(elsewhere.get().getParent());
        }
        Files.deleteIfExists(directory.resolve(ELSEWHERE));
    }

    static Path directory(Path dataDirectory) {
        return dataDirectory.resolve(DIRECTORY);
    }

    /**
     * For a command: the socket, if a server has left one there.
     *
     * @throws IOException when this user may not look
     */
    static Optional<Path> find(Path dataDirectory) throws IOException {
        Path directory = dataDirectory.resolve(DIRECTORY);
        Path socket = directory.resolve(SOCKET);
        if (Files.exists(socket)) {
            return Optional.of(socket);
        }
        if (Files.isDirectory(directory) && !Files.isReadable(directory)) {
            throw new IOException(directory + " is closed for this user: run this as "
                    + Files.getOwner(directory).getName());
        }
        return elsewhere(directory).filter(path -> isOwnersOnly(path, directory));
    }

    private static Optional<Path> elsewhere(Path directory) throws IOException {
        Path file = directory.resolve(ELSEWHERE);
        return Files.exists(file) ? Optional.of(Path.of(Files.readString(file).strip())) : Optional.empty();
    }

    /** Another user may have made a directory of that name in a shared place, after a crash: it is none of ours. */
    private static boolean isOwnersOnly(Path socket, Path directory) {
        Path parent = socket.getParent();
        try {
            return parent != null
                    && Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(parent, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(directory));
        } catch (IOException e) {
            return false;
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path directory) {
        return isPosix(directory)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
