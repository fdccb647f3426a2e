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

/** Makes clients from a destination's settings, and looks at the container before the first upload meets it. */
final class AzureClients {

    private static final Logger log = LoggerFactory.getLogger(AzureClients.class);

    /** Everything that is used here, and no newer than emulators and private clouds know it. */
    private static final BlobServiceVersion VERSION = BlobServiceVersion.V2022_11_02;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Of a body that neither goes on nor ends. */
    private static final Duration SILENCE_TIMEOUT = Duration.ofMinutes(2);

    /** The start waits no longer for a store that is silent. */
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);

    /** For a hiccup. Whoever waits longer is the delivery itself, which holds no thread meanwhile. */
    private static final RequestRetryOptions RETRIES = new RequestRetryOptions(
            RetryPolicyType.EXPONENTIAL, 3, (Duration) null, Duration.ofMillis(200), Duration.ofSeconds(2), null);

    /** No blob has to be there: what is asked is whether the container is. */
    private static final String LOOKED_AT = ".narwhal";

    /** A variable of the environment that Azure's SDKs have in common. */
    private static final String WHICH_IDENTITIES = "AZURE_TOKEN_CREDENTIALS";

    private final String prefix;
    private final AzureProperties settings;

    /** @param prefix of the settings, for sentences: {@code narwhal.destination.azure} */
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
                        // Blob storage speaks nothing newer, and asking for it would cost a request.
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
            // Its message may have parts of the string in it: neither it nor the exception is passed on.
            throw new IllegalStateException(prefix + ".connection-string is none; allowed: what the page"
                    + " of access keys shows, DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…");
        }
    }

    /**
     * What the environment says (a service principal), that of a Kubernetes workload, or that of the machine, app or container,
     * in this order; but never a developer's own, for which programs would be run.
     */
    private static TokenCredential identity(@Nullable String clientId, HttpClient http) {
        Configuration environment = Configuration.getGlobalConfiguration().clone();
        if (!environment.contains(WHICH_IDENTITIES)) {
            environment.put(WHICH_IDENTITIES, "prod");
        }
        return new DefaultAzureCredentialBuilder()
                .configuration(environment)
                .httpClient(http)
                .managedIdentityClientId(clientId)
                .workloadIdentityClientId(clientId)
                .build();
    }

    /**
     * Stops the start when the container is surely missing. A store that cannot be reached now, or that does not let us look,
     * stops nothing: uploads are taken, and deliveries are tried until they work.
     */
    void requireContainer(AzureBlobs blobs) {
        try {
            var unused = blobs.properties(LOOKED_AT, LOOK_TIMEOUT);
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
