package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.protocol.tus.TusProperties;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

class ReadyLineTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080",
        "0.0.0.0, http://localhost:8080",
        "::, http://localhost:8080",
        "::1, http://[0:0:0:0:0:0:0:1]:8080"
    })
    void root_canBeOpenedOnThisMachine(String address, String expected) {
        MockEnvironment environment = new MockEnvironment().withProperty("server.address", address);

        assertThat(ReadyLine.root(environment, 8080)).isEqualTo(expected);
    }

    @Test
    void text_saysWhereToUploadAndWhereFilesGo() {
        assertThat(new ReadyLine("0.1.0", tus(null), "/home/you/data/delivered")
                        .text("http://127.0.0.1:8080", Duration.ofMillis(1449)))
                .isEqualTo("Narwhal 0.1.0 is ready: upload to http://127.0.0.1:8080/files, finished files go to"
                        + " /home/you/data/delivered (page: http://127.0.0.1:8080/, started in 1.4 s)");
    }

    @Test
    void text_prefersThePublicUrl() {
        assertThat(new ReadyLine("0.1.0", tus("https://up.example.org/files"), "s3://b")
                        .text("http://127.0.0.1:8080", Duration.ofMillis(1449)))
                .contains("upload to https://up.example.org/files,");
    }

    @Test
    void root_knowsTlsAndContextPath() {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("server.ssl.bundle", "public")
                .withProperty("server.servlet.context-path", "/n");

        assertThat(ReadyLine.root(environment, 8443)).isEqualTo("https://localhost:8443/n");
    }

    private static TusProperties tus(@Nullable String baseUrl) {
        return new TusProperties(
                "/files",
                baseUrl,
                List.of(),
                DataSize.ofKilobytes(256),
                new TusProperties.Cors(List.of("*"), false, List.of()));
    }
}
