package dev.narwhal.destination.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.destination.settings.DestinationProperties;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AzurePropertiesTest {

    private static final String URL = "https://account.blob.core.windows.net";

    private static DestinationProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings.entrySet().stream()
                        .collect(Collectors.toMap(e -> "narwhal.destination." + e.getKey(), Map.Entry::getValue))))
                .bindOrCreate("narwhal.destination", DestinationProperties.class);
    }

    private static Map<String, String> settings(String text) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .collect(Collectors.toMap(s -> s.split("=", 2)[0], s -> s.split("=", 2)[1]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azure.connection-string=x",
                "azure.endpoint=" + URL,
                "azure.endpoint=" + URL + "; azure.client-id=0-1",
                "azure.endpoint=http://127.0.0.1:10000/devstoreaccount1; azure.sas-token=?sv=1&sig=x",
                "azure.endpoint=" + URL + "; azure.access-tier=cool; azure.create-container=true",
            })
    void bind_oneWayIn_isEnough(String text) {
        assertThatCode(() -> bind(settings("type=azure; azure.container=files; " + text)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=azure; azure.endpoint=" + URL + "|azure.container is ''",
                "type=azure; azure.container=files|azure.endpoint is ''",
                "azure.container=Files|Files",
                "azure.container=a--b|a--b",
                "azure.container=ab|ab",
                "azure.endpoint=account.blob|account.blob",
                "azure.endpoint=ftp://host|ftp://host",
                "azure.endpoint=" + URL + "/?sig=do-not-show|sas-token",
                "azure.endpoint=https://do-not-show@host|sas-token",
                "azure.endpoint=http://host|https://",
                "azure.connection-string=do-not-show; azure.endpoint=" + URL + "|azure.connection-string",
                "azure.connection-string=do-not-show; azure.sas-token=do-not-show|azure.connection-string",
                "azure.connection-string=do-not-show; azure.client-id=x|azure.connection-string",
                "azure.sas-token=do-not-show|azure.endpoint is ''",
                "azure.client-id=x|azure.endpoint is ''",
                "azure.endpoint=" + URL + "; azure.sas-token=do-not-show; azure.client-id=x|azure.client-id",
            })
    void bind_wrong_saysWhichAndWhatIsAllowed(String text, String inMessage) {
        assertThatThrownBy(() -> bind(settings(text)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narwhal.destination.azure.")
                .hasMessageContaining(inMessage)
                .hasMessageContaining("allowed")
                .hasMessageNotContaining("do-not-show");
    }

    @Test
    void bind_questionMarkBeforeTheSas_isNoPartOfIt() {
        assertThat(bind(settings("azure.endpoint=" + URL + "; azure.sas-token=?sv=1&sig=x"))
                        .azure()
                        .sasToken())
                .isEqualTo("sv=1&sig=x");
    }

    @Test
    void toString_keepsTheSecrets() {
        assertThat(bind(settings("azure.connection-string=AccountKey=hush")).toString())
                .doesNotContain("hush");
        assertThat(bind(settings("azure.endpoint=" + URL + "; azure.sas-token=sig=hush"))
                        .toString())
                .doesNotContain("hush");
    }

    @Test
    void builder_unreadableConnectionString_saysSoWithoutIt() {
        AzureProperties azure = bind(settings("azure.container=files; azure.connection-string=AccountKey=do-not-show"))
                .azure();

        assertThatThrownBy(() -> new AzureClients("narwhal.destination.azure", azure).builder())
                .isInstanceOf(IllegalStateException.class)
                .hasNoCause()
                .hasMessageContaining("narwhal.destination.azure.connection-string")
                .hasMessageNotContaining("do-not-show");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "; azure.client-id=0-1"})
    void builder_identity_needsNothingToBeBuilt(String more) {
        AzureProperties azure = bind(settings("azure.container=files; azure.endpoint=" + URL + more))
                .azure();

        assertThat(new AzureClients("narwhal.destination.azure", azure)
                        .builder()
                        .buildClient()
                        .getAccountUrl())
                .isEqualTo(URL);
    }
}
