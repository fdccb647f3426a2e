package dev.narwhal.destination.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class S3HeadersTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";

    @Test
    void metadata_isAsciiAndBounded() {
        Map<String, String> chosen = new LinkedHashMap<>();
        chosen.put("City", "Zürich");
        chosen.put("plain", "two words");
        chosen.put("spaces", " at the ends ");
        chosen.put("prefix", "UTF-8''x");
        chosen.put("long", "x".repeat(3000));
        chosen.put("break", "a\r\nb");

        Map<String, String> metadata = S3Headers.metadata(job(chosen));

        assertThat(metadata)
                .containsEntry("narwhal-upload-id", ID)
                .containsEntry("city", "UTF-8''Z%C3%BCrich")
                .containsEntry("plain", "two words")
                .containsEntry("spaces", "UTF-8''%20at%20the%20ends%20")
                .containsEntry("prefix", "UTF-8''UTF-8%27%27x")
                .containsEntry("break", "UTF-8''a%0D%0Ab")
                .doesNotContainKey("long");
        int size = metadata.entrySet().stream()
                .mapToInt(e -> e.getKey().length() + e.getValue().length())
                .sum();
        assertThat(size).isLessThanOrEqualTo(2048);
    }

    @Test
    void metadata_ofTheClient_cannotClaimAnotherUpload() {
        Map<String, String> metadata = S3Headers.metadata(job(Map.of("Narwhal-Upload-Id", "f".repeat(32))));

        assertThat(metadata).isEqualTo(Map.of("narwhal-upload-id", ID));
    }

    private static DeliveryJob job(Map<String, String> metadata) {
        DeliveryJob job = new DeliveryJob(ID, "key", PartPlan.of(1), null, null, Map.of(), OnConflict.FAIL, 1);
        return new DeliveryJob(
                job.uploadId(), job.key(), job.plan(), null, null, metadata, job.onConflict(), job.attempt());
    }
}
