package dev.narwhal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients and operators write, on its way into an object's key. */
class KeyTemplateFuzzTest {

    private static final UploadId ID = new UploadId("0123456789abcdef0123456789abcdef");
    private static final Instant CREATED = Instant.parse("2025-12-31T23:59:59.999Z");

    /** Lines: template, owner, a value of the metadata; and the file name, which may have more lines. */
    @FuzzTest
    void key(byte[] drawn) {
        List<String> lines = Arrays.asList(new String(drawn, UTF_8).split("\n", 4));
        KeyTemplate template;
        try {
            template = new KeyTemplate("the.setting", lines.getFirst());
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("the.setting");
            return;
        }
        Upload upload = upload(line(lines, 1), line(lines, 2), lines.size() > 3 ? lines.get(3) : null);

        String key = template.keyOf(upload);

        assertThat(key.getBytes(UTF_8).length).isBetween(1, 1024);
        assertThat(Arrays.asList(key.split("/", -1))).allSatisfy(KeyTemplateFuzzTest::checkSegment);
        assertThat(template.keyOf(upload)).isEqualTo(key);
        assertThat(KeySegments.join(KeySegments.clean(key), ID.value()))
                .as("cleaned again")
                .isEqualTo(key);
        assertThat(Path.of("/base", key).normalize()).isEqualTo(Path.of("/base/" + key));
    }

    private static void checkSegment(String segment) {
        assertThat(segment)
                .isNotEmpty()
                .isNotEqualTo(".")
                .isNotEqualTo("..")
                .doesNotContain("\\")
                .doesNotStartWith(".narwhal");
        assertThat(segment.chars()).noneMatch(Character::isISOControl);
        assertThat(segment.getBytes(UTF_8).length).isLessThanOrEqualTo(255);
        assertThat(new String(segment.getBytes(UTF_8), UTF_8)).isEqualTo(segment);
    }

    private static String line(List<String> lines, int number) {
        return lines.size() > number ? lines.get(number) : "";
    }

    private static Upload upload(String owner, String metadata, @Nullable String filename) {
        return UploadBuilder.upload()
                .id(ID)
                .owner(owner)
                .length(1L)
                .offset(1)
                .metadata("m " + Base64.getEncoder().encodeToString(metadata.getBytes(UTF_8)))
                .filename(filename)
                .contentType(null)
                .state(UploadState.FINISHED)
                .createdAt(CREATED)
                .volume("volume")
                .build();
    }
}
