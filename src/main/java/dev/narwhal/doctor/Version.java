package dev.narwhal.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.springframework.boot.SpringBootVersion;

/**
 * The versions of this jar and its runtime.
 * @param narwhal the jar's version
 * @param commit of the source; "unknown" if the build did not know it
 * @param java the Java runtime's version
 * @param springBoot Spring Boot's version
 */
record Version(String narwhal, String commit, String java, String springBoot) {

    private static final String BUILD = "META-INF/build-info.properties";
    private static final String UNKNOWN = "unknown";

    /** In an IDE there is no build information. */
    static Version ofThisBuild() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getClassLoader().getResourceAsStream(BUILD)) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(build);
    }

    static Version of(Properties build) {
        String commit = build.getProperty("build.commit", "").strip();
        return new Version(
                build.getProperty("build.version", "(development)"),
                commit.matches("[0-9a-f]{7,64}") ? commit : UNKNOWN,
                Runtime.version().toString(),
                SpringBootVersion.getVersion());
    }

    String text() {
        return """
                Narwhal      %s
                commit       %s
                Java         %s
                Spring Boot  %s
                """.formatted(narwhal, commit, java, springBoot);
    }
}
