package dev.narwhal.destination.azure;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A container of Azure Blob Storage. The server authenticates in one of three ways: by a connection string, by an endpoint and a
 * SAS token, or by an endpoint and an identity of its environment (Microsoft Entra ID).
 *
 * @param container required for the type {@code azure}
 * @param connectionString of the storage account, from its page of access keys
 * @param endpoint URL of the account's blob service, without the container
 * @param sasToken shared access signature, together with {@code endpoint}
 * @param clientId of a user-assigned identity, together with {@code endpoint}; null for the machine's own identity
 * @param createContainer true to create a missing container at the start
 * @param accessTier of new blobs; null for the account's default
 */
public record AzureProperties(
        @Nullable String container,
        @Nullable String connectionString,
        @Nullable URI endpoint,
        @Nullable String sasToken,
        @Nullable String clientId,
        @DefaultValue("false") boolean createContainer,
        @Nullable Tier accessTier) {

    private static final String CONTAINER = "[a-z0-9](-?[a-z0-9]){2,62}|\\$root|\\$web";

    /** Access tiers of blobs. The cheaper a tier's storage, the more expensive its reads. */
    public enum Tier {
        HOT,
        COOL,
        COLD,
        /** Nobody can read the blob, and no client can download it, until an operator rehydrates it. */
        ARCHIVE
    }

    public AzureProperties {
        container = blankToNull(container);
        connectionString = blankToNull(connectionString);
        sasToken = withoutQuestionMark(blankToNull(sasToken));
        clientId = blankToNull(clientId);
        if (endpoint != null && endpoint.toString().isBlank()) {
            endpoint = null;
        }
        if (container != null && !container.matches(CONTAINER)) {
            throw invalid("container", container, "3 to 63 lower-case letters, digits and single dashes between them");
        }
        if (endpoint != null) {
            requireEndpoint(endpoint);
        }
        requireOneAuthentication(connectionString, endpoint, sasToken, clientId);
    }

    /** @throws IllegalArgumentException with a sentence, when the container or the account is not set */
    public void requireComplete() {
        if (container == null) {
            throw invalid("container", "", "the name of a container, since narwhal.destination.type is azure");
        }
        if (connectionString == null && endpoint == null) {
            throw invalid(
                    "endpoint",
                    "",
                    "the URL of a storage account, or a connection-string instead, since"
                            + " narwhal.destination.type is azure");
        }
    }

    private static void requireEndpoint(URI endpoint) {
        boolean http = Set.of("http", "https")
                        .contains(String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT))
                && endpoint.getHost() != null;
        // Operators often copy a SAS as a part of its URL. So the message must not contain the URL.
        if (endpoint.getRawQuery() != null || endpoint.getRawUserInfo() != null || endpoint.getRawFragment() != null) {
            throw invalid("endpoint", "…", "a URL without anything behind '?'; a SAS token belongs into sas-token");
        }
        if (!http) {
            throw invalid("endpoint", endpoint.toString(), "a URL such as https://account.blob.core.windows.net");
        }
    }

    private static void requireOneAuthentication(
            @Nullable String connectionString,
            @Nullable URI endpoint,
            @Nullable String sasToken,
            @Nullable String clientId) {
        if (connectionString != null && (endpoint != null || sasToken != null || clientId != null)) {
            throw invalid("connection-string", "…", "it alone; or endpoint with sas-token or client-id, without it");
        }
        if (endpoint == null && (sasToken != null || clientId != null)) {
            throw invalid("endpoint", "", "a URL, since sas-token or client-id is set");
        }
        if (sasToken != null && clientId != null) {
            throw invalid("client-id", clientId, "either it or sas-token");
        }
        if (endpoint != null && sasToken == null && "http".equalsIgnoreCase(endpoint.getScheme())) {
            throw invalid(
                    "endpoint",
                    endpoint.toString(),
                    "https:// where an identity is used, since its token would be"
                            + " readable on the way; or a sas-token");
        }
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable String withoutQuestionMark(@Nullable String token) {
        return token != null && token.startsWith("?") ? token.substring(1) : token;
    }

    private static IllegalArgumentException invalid(String property, String value, String allowed) {
        return new IllegalArgumentException(
                "narwhal.destination.azure." + property + " is '" + value + "'; allowed: " + allowed);
    }

    /** Without the secrets: a record's own toString() prints all components. */
    @Override
    public String toString() {
        return "Azure[container=" + container + ", endpoint=" + endpoint + ", clientId=" + clientId
                + ", createContainer=" + createContainer + ", accessTier=" + accessTier + "]";
    }
}
