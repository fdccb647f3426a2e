package dev.narwhal.destination.azure;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A container of Azure Blob Storage. There are three ways to be let in: a connection string; an endpoint and a SAS token; an
 * endpoint alone, for which the identity of the machine is used.
 *
 * @param container required for the type {@code azure}
 * @param connectionString of the storage account, as its page of access keys shows it
 * @param endpoint URL of the account's blob service, without the container
 * @param sasToken shared access signature, together with {@code endpoint}
 * @param clientId of a user-assigned identity, together with {@code endpoint}; else the one that the machine has
 * @param createContainer true to make the container at the start when it is not there
 * @param accessTier of new blobs; else the account's
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

    /** Where the account keeps a blob: the cheaper to store, the dearer to read. */
    public enum Tier {
        HOT,
        COOL,
        COLD,
        /** It cannot be read, by a download either, until somebody has it brought back. */
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
        requireOneWayIn(connectionString, endpoint, sasToken, clientId);
    }

    /** @throws IllegalArgumentException with a sentence, when nothing can be delivered with these settings */
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
        // A SAS is often copied as a part of its URL, and a message would show it.
        if (endpoint.getRawQuery() != null || endpoint.getRawUserInfo() != null || endpoint.getRawFragment() != null) {
            throw invalid("endpoint", "…", "a URL without anything behind '?'; a SAS token belongs into sas-token");
        }
        if (!http) {
            throw invalid("endpoint", endpoint.toString(), "a URL such as https://account.blob.core.windows.net");
        }
    }

    private static void requireOneWayIn(
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

    /** Without the secrets: records print all they hold. */
    @Override
    public String toString() {
        return "Azure[container=" + container + ", endpoint=" + endpoint + ", clientId=" + clientId
                + ", createContainer=" + createContainer + ", accessTier=" + accessTier + "]";
    }
}
