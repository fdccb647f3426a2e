package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.UploadId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialUrlsTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";

    private final PartialUrls urls = PartialUrls.of("/api/files", "https://up.example.org/public/");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/api/files/",
                "api/files/",
                "/prefix/api/files/",
                "http://127.0.0.1:8080/api/files/",
                "HTTPS://[::1]:8443/context/api/files/",
                "//host/api/files/",
                "https://up.example.org/public/",
                "/public/",
            })
    void idOf_theUrlOfAnUpload_isItsId(String before) {
        assertThat(urls.idOf(before + ID)).contains(new UploadId(ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/" + ID,
                "/files/" + ID,
                "/api/filesx/" + ID,
                "/api/files//" + ID,
                "/api/files/" + ID + "/",
                "/api/files/" + ID + "?a",
                "/api/files/" + ID + "#a",
                "/api/files/" + ID + "0",
                "/api/files/0123456789ABCDEF0123456789ABCDEF",
                "/api/files/%30123456789abcdef0123456789abcdef",
                "/api/files/../" + ID,
                "/xapi/files/" + ID,
                "http://api/files/" + ID,
                "http:/api/files" + ID,
                "http://" + ID,
                "https://",
                "//",
                "/publicx/" + ID,
            })
    void idOf_anythingElse_isNone(String url) {
        assertThat(urls.idOf(url)).isEmpty();
    }

    @Test
    void idOf_baseUrlWithoutAPath_takesPathsBelowTheRoot() {
        PartialUrls atRoot = PartialUrls.of("/files", "https://up.example.org");

        assertThat(atRoot.idOf("https://up.example.org/" + ID)).contains(new UploadId(ID));
        assertThat(atRoot.idOf("/files/" + ID)).contains(new UploadId(ID));
    }
}
