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

        UploadId id = UploadPath.idOf(request);
        if (id != null) {
            assertThat(uri).isEqualTo("/files/" + id).matches("/files/[0-9a-f]{32}");
            assertThat(new EngineIdFactory().readUploadId(uri)).hasToString(id.value());
        } else if (path.isPresent()) {
            assertThat(uri).isIn("/files", "/files/");
        }
        UploadId.parse(uri).ifPresent(parsed -> assertThat(parsed.value()).isEqualTo(uri));
    }
}
