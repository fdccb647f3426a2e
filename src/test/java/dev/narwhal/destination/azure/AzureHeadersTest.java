package dev.narwhal.destination.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AzureHeadersTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";

    @Test
    void metadata_namesAreIdentifiers() {
        Map<String, String> chosen = new LinkedHashMap<>();
        chosen.put("My-Team.name", "blue whales");
        chosen.put("my_team_name", "second");
        chosen.put("9lives", "cat");
        chosen.put("City", "Zürich");
        chosen.put("empty", "");
        chosen.put("break", "a\r\nb");

        assertThat(AzureHeaders.metadata(job(chosen)))
                .isEqualTo(Map.of(
                        "narwhaluploadid",
                        ID,
                        "my_team_name",
                        "blue whales",
                        "_9lives",
                        "cat",
                        "city",
                        "UTF-8''Z%C3%BCrich",
                        "break",
                        "UTF-8''a%0D%0Ab"));
    }

    @Test
    void metadata_isBounded() {
        Map<String, String> chosen = new LinkedHashMap<>();
        chosen.put("first", "x".repeat(8000));
        chosen.put("second", "y".repeat(300));
        chosen.put("third", "z");

        assertThat(AzureHeaders.metadata(job(chosen))).containsOnlyKeys("narwhaluploadid", "first", "third");
    }

    @Test
    void metadata_ofTheClient_cannotClaimAnotherUpload() {
        assertThat(AzureHeaders.metadata(job(Map.of("NarwhalUploadId", "f".repeat(32)))))
                .isEqualTo(Map.of("narwhaluploadid", ID));
    }

    private static DeliveryJob job(Map<String, String> metadata) {
        return new DeliveryJob(ID, "key", PartPlan.of(1), null, null, metadata, OnConflict.FAIL, 1);
    }
}
