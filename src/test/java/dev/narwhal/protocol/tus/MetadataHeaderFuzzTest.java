package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.testkit.FuzzedHeaders;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

class MetadataHeaderFuzzTest {

    @FuzzTest
    void metadata(byte[] drawn) throws TusProblem {
        String header = FuzzedHeaders.text(drawn);
        MetadataHeader read;
        try {
            read = MetadataHeader.parse(header);
        } catch (TusProblem e) {
            Refusals.assertRefusal(e, TusError.INVALID_METADATA);
            return;
        }
        Map<String, String> pairs = read.pairs();
        assertThat(pairs.size())
                .isLessThanOrEqualTo((int) header.chars().filter(c -> c == ',').count() + 1);
        assertThat(pairs.keySet()).allMatch(key -> key.matches("[^\\x00-\\x20,\\x7f]+") && header.contains(key));
        assertThat(MetadataHeader.parse(written(pairs)).pairs()).isEqualTo(pairs);
        assertThat(read.filename()).matches(name -> name.isEmpty() || isOf(pairs, name.get()));
        assertThat(read.contentType()).matches(type -> type.isEmpty() || isOf(pairs, type.get()));
    }

    private static boolean isOf(Map<String, String> pairs, String value) {
        return !value.isBlank() && pairs.containsValue(value);
    }

    private static String written(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + " "
                        + Base64.getEncoder().encodeToString(pair.getValue().getBytes(UTF_8)))
                .collect(Collectors.joining(","));
    }
}
