package dev.narwhal.destination.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Configuration;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates clients from a destination's settings, and checks the container before the first delivery. */
final class AzureClients {

    private static final Logger log = LoggerFactory.getLogger(AzureClients.class);

    /** New enough for all requests of this package, and old enough for emulators and private clouds. */
    private static final BlobServiceVersion VERSION = BlobServiceVersion.V2022_11_02;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** How long a request or response body may make no progress. */
    private static final Duration SILENCE_TIMEOUT = Duration.ofMinutes(2);

    /** The start of the server waits no longer for a store that does not respond. */
    private static final Duration CONTAINER_CHECK_TIMEOUT = Duration.ofSeconds(10);

    /** For short faults. After longer ones the delivery retries, which holds no thread while it waits. */
    private static final RequestRetryOptions RETRIES = new RequestRetryOptions(
            RetryPolicyType.EXPONENTIAL, 3, (Duration) null, Duration.ofMillis(200), Duration.ofSeconds(2), null);

    /** The blob that the check asks for. It need not exist: the response says whether the container does. */
    private static final String CHECKED_BLOB = ".narwhal";

    /** An environment variable of all Azure SDKs: it selects the credentials to try. */
    private static final String TOKEN_CREDENTIALS = "AZURE_TOKEN_CREDENTIALS";

    private final String prefix;
    private final AzureProperties settings;

    /** @param prefix of the settings, for messages: {@code narwhal.destination.azure} */
    AzureClients(String prefix, AzureProperties settings) {
        this.prefix = prefix;
        this.settings = settings;
    }

    AzureBlobs blobs(BlobServiceClientBuilder builder) {
        String name = String.valueOf(settings.container());
        return new AzureBlobs(
                builder.buildClient().getBlobContainerClient(name),
                builder.buildAsyncClient().getBlobContainerAsyncClient(name),
                settings.accessTier());
    }

    BlobServiceClientBuilder builder() {
        settings.requireComplete();
        HttpClient http = http();
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder()
                .httpClient(http)
                .serviceVersion(VERSION)
                .retryOptions(RETRIES);
        if (settings.connectionString() != null) {
            return connected(builder, settings.connectionString());
        }
        builder.endpoint(String.valueOf(settings.endpoint()));
        return settings.sasToken() != null
                ? builder.sasToken(settings.sasToken())
                : builder.credential(identity(settings.clientId(), http));
    }

    private static HttpClient http() {
        return new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder()
                        // Blob storage supports no newer version, and asking for one would cost a request.
                        .version(java.net.http.HttpClient.Version.HTTP_1_1))
                .connectionTimeout(CONNECT_TIMEOUT)
                .writeTimeout(SILENCE_TIMEOUT)
                .responseTimeout(SILENCE_TIMEOUT)
                .readTimeout(SILENCE_TIMEOUT)
                .build();
    }

    private BlobServiceClientBuilder connected(BlobServiceClientBuilder builder, String connectionString) {
        try {
            return builder.connectionString(connectionString);
        } catch (RuntimeException e) {
            // The exception's message may contain parts of the secret string. So the exception is not passed on.
            throw new IllegalStateException(prefix + ".connection-string is none; allowed: what the page"
                    + " of access keys shows, DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…");
        }
    }

    /**
     * The identity of the server. Tries in this order: a service principal from the environment, the identity of a Kubernetes
     * workload, and the managed identity of the machine, app or container. Does not try a developer's own identity, for which the
     * SDK would run programs, unless the environment variable {@link #TOKEN_CREDENTIALS} says so.
     */
    private static TokenCredential identity(@Nullable String clientId, HttpClient http) {
        Configuration environment = Configuration.getGlobalConfiguration().clone();
        if (!environment.contains(TOKEN_CREDENTIALS)) {
            environment.put(TOKEN_CREDENTIALS, "prod");
        }
        return new DefaultAzureCredentialBuilder()
                .configuration(environment)
                .httpClient(http)
                .managedIdentityClientId(clientId)
                .workloadIdentityClientId(clientId)
                .build();
    }

    /**
     * Checks the container, and fails only if it is certainly missing. If the store does not respond, or forbids the check, the
     * server starts all the same: it accepts uploads, and retries deliveries until they succeed.
     *
     * @throws IllegalStateException with a sentence, when the container does not exist or cannot be created
     */
    void requireContainer(AzureBlobs blobs) {
        try {
            var unused = blobs.properties(CHECKED_BLOB, CONTAINER_CHECK_TIMEOUT);
        } catch (AzureCallException e) {
            if (!AzureFailures.isContainerMissing(e)) {
                log.warn("destination.unchecked container={} {}", settings.container(), e.getMessage());
            } else if (settings.createContainer()) {
                create();
            } else {
                throw new IllegalStateException(
                        "There is no container '" + settings.container()
                                + "' (" + prefix + ".container); make it, or set " + prefix
                                + ".create-container=true",
                        e);
            }
        }
    }

    private void create() {
        BlobContainerClient container = builder().buildClient().getBlobContainerClient(settings.container());
        try {
            if (container.createIfNotExists()) {
                log.info("destination.container-created container={}", settings.container());
            }
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "The container '" + settings.container() + "' could not be created"
                            + " (" + prefix + ".create-container): "
                            + AzureFailures.of(e).getMessage(),
                    e);
        }
    }
}
