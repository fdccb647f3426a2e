package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.testkit.FuzzedHeaders;
import dev.narwhal.upload.UploadKind;

class ConcatHeaderFuzzTest {

    private static final PartialUrls PARTIALS = PartialUrls.of("/files", "https://files.example/in/");

    @FuzzTest
    void concat(byte[] drawn) throws TusProblem {
        String header = FuzzedHeaders.text(drawn);
        ConcatHeader read;
        try {
            read = ConcatHeader.parse(header);
        } catch (TusProblem e) {
            Refusals.assertRefusal(e, TusError.INVALID_CONCAT);
            return;
        }
        assertThat(read.value()).isEqualTo(header);
        assertThat(read.kind()).isEqualTo(header.equals("partial") ? UploadKind.PARTIAL : UploadKind.FINAL);
        assertThat(read.urls().isEmpty()).isEqualTo(read.kind() == UploadKind.PARTIAL);
        assertThat(read.urls()).allMatch(url -> url.matches("[!-~]+"));
        if (read.isFinal()) {
            String again = "final;" + String.join(" ", read.urls());
            assertThat(ConcatHeader.parse(again).urls()).isEqualTo(read.urls());
        }
        read.urls().forEach(ConcatHeaderFuzzTest::checkUrl);
    }

    /** An id is taken from the end of a path below one of ours, and from nowhere else. */
    private static void checkUrl(String url) {
        PARTIALS.idOf(url)
                .ifPresent(id -> assertThat(url)
                        .matches("(?s)(.*(^|/)files/|.*(^|/)in/)?" + id)
                        .doesNotContain("?" + id, "#" + id));
    }
}
