package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTemplateTest {

    private static final UploadId ID = new UploadId("0123456789abcdef0123456789abcdef");
    private static final Instant CREATED = Instant.parse("2025-12-31T23:59:59.999Z");

    @Test
    void keyOf_everyPlaceholder_isFilled() {
        Upload upload = upload("ann", "photo.jpg", "project YWxwaGE=");

        assertThat(key("{owner}/{yyyy}/{MM}/{dd}/{id}-{meta.project}/{filename}", upload))
                .isEqualTo("ann/2025/12/31/" + ID + "-alpha/photo.jpg");
    }

    @Test
    void isUnique_withTheUploadsId() {
        assertThat(new KeyTemplate("uploads/{id}/{filename}").isUnique()).isTrue();
        assertThat(new KeyTemplate("{yyyy}/{meta.id}/{filename}").isUnique()).isFalse();
    }

    @Test
    void keyOf_noFilename_takesTheId() {
        assertThat(key("uploads/{filename}", upload("", null, null))).isEqualTo("uploads/" + ID);
        assertThat(key("uploads/{filename}", upload("", "  ", null))).isEqualTo("uploads/" + ID);
        assertThat(key("uploads/{filename}", upload("", "\u200B", null))).isEqualTo("uploads/" + ID);
    }

    @Test
    void keyOf_nothingLeft_isTheId() {
        assertThat(key("{owner}", upload("", "f", null))).isEqualTo(ID.value());
        assertThat(key("{meta.missing}", upload("", "f", "other"))).isEqualTo(ID.value());
    }

    @Test
    void keyOf_emptySegments_vanish() {
        assertThat(key("/{owner}//{meta.project}/{filename}/", upload("", "f", null)))
                .isEqualTo("f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../../etc/passwd|.._.._etc_passwd",
                "..|__",
                ".|_",
                "..\\..\\boot.ini|.._.._boot.ini",
                ".hidden|.hidden",
                ".narwhal-0123456789abcdef0123456789abcdef|_.narwhal-0123456789abcdef0123456789abcdef",
                "{id}|{id}",
                "$1\\0|$1_0",
                "Grüße 文書 🐋.txt|Grüße 文書 🐋.txt",
                "COM1:?*<>|COM1:?*<>",
                "aux.txt|_aux.txt",
                "report.|report_",
                "\uFEFFa\u200Bb.txt|ab.txt",
            })
    void keyOf_hostileFilename_isOneHarmlessSegment(String filename, String expected) {
        assertThat(key("uploads/{filename}", upload("", filename, null))).isEqualTo("uploads/" + expected);
    }

    @Test
    void keyOf_unusableCharacters_areReplaced() {
        String filename = "a\0b\nc\u001Bd\u202Egpj.exe\u2028\uD800";

        assertThat(key("{filename}", upload("", filename, null))).isEqualTo("a_b_c_d_gpj.exe__");
    }

    @Test
    void keyOf_decomposedLetters_areComposed() {
        assertThat(key("{filename}", upload("", "u\u0308.txt", null))).isEqualTo("ü.txt");
    }

    @Test
    void keyOf_ownerWithSlash_isOneSegment() {
        assertThat(key("{owner}/{filename}", upload("../ann", "f", null))).isEqualTo(".._ann/f");
    }

    @Test
    void keyOf_metadataWithSlashes_makesDirectoriesThatStayInside() {
        String path = Base64.getEncoder().encodeToString("../a//./b/../c.txt".getBytes(StandardCharsets.UTF_8));

        assertThat(key("in/{meta.path}", upload("", "f", "path " + path))).isEqualTo("in/__/a/_/b/__/c.txt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{meta.m}/f|.git|_.git/f",
                "{meta.m}/f|a/.ssh/.x|a/_.ssh/_.x/f",
                "{meta.m}/f|\u200B.git|_.git/f",
                "{meta.m}git/f|.|_.git/f",
                "{owner}{meta.m}/f|.git|_.git/f",
                "{meta.m}/f|..|__/f",
                "file{meta.m}|.pdf|file.pdf",
                ".cache/{meta.m}|a|.cache/a",
            })
    void keyOf_metadata_makesNothingHidden(String template, String value, String expected) {
        String metadata = "m " + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));

        assertThat(key(template, upload("\u200B", ".hidden", metadata))).isEqualTo(expected);
        assertThat(key("{filename}", upload("", ".hidden", metadata))).isEqualTo(".hidden");
    }

    @Test
    void keyOf_metadataThatIsNoBase64_isAbsent() {
        assertThat(key("x/{meta.path}/{filename}", upload("", "f", "path ?,other")))
                .isEqualTo("x/f");
    }

    @Test
    void keyOf_longFilename_keepsItsExtension() {
        String key = key("{filename}", upload("", "ü".repeat(300) + ".tar.gz", null));

        assertThat(bytes(key)).isBetween(250, 255);
        assertThat(key).startsWith("üü").endsWith("ü.gz");
    }

    @Test
    void keyOf_longNameWithoutExtension_isCutBetweenCharacters() {
        String key = key("{filename}", upload("", "🐋".repeat(100), null));

        assertThat(key).isEqualTo("🐋".repeat(63));
    }

    /** The beginning of a name may mean what the whole does not. */
    @ParameterizedTest
    @CsvSource({"., _", ".., __", "a, a"})
    void keyOf_longNameThatIsCutToDots_isHarmless(String beginning, String expected) {
        String filename = beginning + " ".repeat(300) + "x";
        String path = Base64.getEncoder().encodeToString(filename.getBytes(StandardCharsets.UTF_8));

        assertThat(key("{id}/{filename}", upload("", filename, null))).isEqualTo(ID + "/" + expected);
        assertThat(key("{meta.path}/{filename}", upload("", "f", "path " + path)))
                .isEqualTo(expected + "/f");
    }

    /** Nothing of the name fits beside an extension that a directory destination keeps for itself. */
    @Test
    void keyOf_longKeyCutToAReservedName_isHarmless() {
        String reserved = "🐋.narwhal" + "文".repeat(7);
        String path =
                Base64.getEncoder().encodeToString((reserved + "/").repeat(32).getBytes(StandardCharsets.UTF_8));

        String key = key("{meta.path}/{filename}", upload("", "f", "path " + path));

        assertThat(key.split("/")).hasSizeGreaterThan(2).noneMatch(segment -> segment.startsWith(".narwhal"));
    }

    @Test
    void keyOf_longKey_keepsIdAndExtension() {
        String path = Base64.getEncoder()
                .encodeToString(("a".repeat(300) + "/" + "b".repeat(300) + "/" + "c".repeat(300) + "/d")
                        .repeat(3)
                        .getBytes(StandardCharsets.UTF_8));

        String key = key("{meta.path}/{id}/{filename}", upload("", "f".repeat(300) + ".txt", "path " + path));

        assertThat(bytes(key)).isLessThanOrEqualTo(1024);
        assertThat(key).contains("/" + ID + "/").endsWith("f.txt");
    }

    @Test
    void keyOf_tooManySegments_isIdAndName() {
        String path = Base64.getEncoder().encodeToString("a/".repeat(2000).getBytes(StandardCharsets.UTF_8));

        assertThat(key("{meta.path}/{filename}", upload("", "f.txt", "path " + path)))
                .isEqualTo(ID + "/f.txt");
    }

    @Test
    void keyOf_anythingAtAll_isAlwaysAKey() {
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            String text = random.ints(random.nextInt(400), 0, i % 2 == 0 ? 0x80 : 0x11000)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String metadata = "m " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));

            String key = key("a/{owner}/{meta.m}/{filename}", upload(text, text, metadata));

            assertThat(bytes(key)).isBetween(1, 1024);
            assertThat(key.split("/", -1)).allSatisfy(segment -> {
                assertThat(segment)
                        .isNotEmpty()
                        .isNotEqualTo(".")
                        .isNotEqualTo("..")
                        .doesNotContain("\\", "\0");
                assertThat(segment.chars()).noneMatch(Character::isISOControl);
                assertThat(bytes(segment)).isLessThanOrEqualTo(255);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{name}", "a/{ID}", "{meta.}", "{meta.a/b}", "{}", "{id", "id}", "{{id}}"})
    void new_unknownPlaceholder_namesPropertyAndValue(String template) {
        assertThatThrownBy(() -> new KeyTemplate(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narwhal.destination.key-template")
                .hasMessageContaining(template)
                .hasMessageContaining("{filename}");
    }

    private static String key(String template, Upload upload) {
        return new KeyTemplate(template).keyOf(upload);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Upload upload(String owner, @Nullable String filename, @Nullable String metadata) {
        return UploadBuilder.upload()
                .id(ID)
                .owner(owner)
                .length(1L)
                .offset(1)
                .metadata(metadata)
                .filename(filename)
                .contentType(null)
                .state(UploadState.FINISHED)
                .createdAt(CREATED)
                .volume("volume")
                .build();
    }
}
