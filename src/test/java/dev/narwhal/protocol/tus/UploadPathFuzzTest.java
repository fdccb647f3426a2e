package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.testkit.FuzzedHeaders;
import dev.narwhal.upload.UploadId;
import java.util.Optional;
import org.springframework.mock.web.MockHttpServletRequest;

/** Paths and ids: there is one spelling of each. */
class UploadPathFuzzTest {

    @FuzzTest
    void path(byte[] drawn) {
        String uri = FuzzedHeaders.text(drawn);
        MockHttpServletRequest request = new MockHttpServletRequest("HEAD", uri);
        request.setServletPath("/files");

        Optional<UploadPath> path = UploadPath.of(request);

        String token = path.map(UploadPath::token).orElse(null);
        String creation = token == null ? "/files" : "/files/u/" + token;
        UploadId id = UploadPath.idOf(request);
        if (id != null) {
            assertThat(uri).isEqualTo(creation + "/" + id).matches(".*/[0-9a-f]{32}");
            assertThat(new EngineIdFactory().readUploadId(uri)).hasToString(id.value());
        } else if (path.isPresent()) {
            assertThat(uri).isIn(creation, creation + "/");
        }
        if (token != null) {
            assertThat(token).matches("[A-Za-z0-9_-]{43}");
            assertThat(UploadPath.shown(request)).doesNotContain(token);
            assertThat(UploadPath.plain(uri)).doesNotContain(token);
        }
        UploadId.parse(uri).ifPresent(parsed -> assertThat(parsed.value()).isEqualTo(uri));
    }
}
