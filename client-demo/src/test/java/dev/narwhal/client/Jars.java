package dev.narwhal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the build made, and the Java that runs it: the one that runs the tests. */
final class Jars {

    private Jars() {}

    static Path client() {
        return required("narwhal.client.jar", "target/narwhal-client.jar", "`mvnw -f client-demo/pom.xml package`");
    }

    static Path server() {
        return required("narwhal.server.jar", "../target/narwhal.jar", "`mvnw package` in the directory above");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path required(String property, String fallback, String remedy) {
        Path jar =
                Path.of(System.getProperty(property, fallback)).toAbsolutePath().normalize();
        assertThat(Files.isRegularFile(jar))
                .withFailMessage(
                        "There is no %s, which these tests start. Build it with %s, or name another with -D%s=...",
                        jar, remedy, property)
                .isTrue();
        return jar;
    }
}
