package dev.narwhal.destination.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.models.BlobStorageException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class AzureFailuresTest {

    private static AzureCallException error(int status, String code) {
        String message = "Status code " + status + ", \"<?xml version=\"1.0\"?><Error><Code>" + code
                + "</Code><Message>as the store says.\nRequestId:1</Message><AuthenticationErrorDetail>Signature did not"
                + " match. String to sign used was hush</AuthenticationErrorDetail></Error>\"";
        return AzureFailures.of(new BlobStorageException(message, new Answer(status, code), null));
    }

    @ParameterizedTest
    @CsvSource({
        "500, InternalError, RETRYABLE",
        "500, OperationTimedOut, RETRYABLE",
        "503, ServerBusy, RETRYABLE",
        "429, '', RETRYABLE",
        "408, '', RETRYABLE",
        "400, Md5Mismatch, RETRYABLE",
        "400, InvalidBlockList, RETRYABLE",
        "400, InvalidBlobOrBlock, RETRYABLE",
        "409, BlockCountExceedsLimit, RETRYABLE",
        "412, LeaseIdMissing, RETRYABLE",
        "403, AuthenticationFailed, DESTINATION",
        "403, AuthorizationFailure, DESTINATION",
        "403, AuthorizationPermissionMismatch, DESTINATION",
        "403, AccountIsDisabled, DESTINATION",
        "403, '', DESTINATION",
        "401, InvalidAuthenticationInfo, DESTINATION",
        "400, InvalidHeaderValue, DESTINATION",
        "404, ContainerNotFound, DESTINATION",
        "404, '', DESTINATION",
        "409, ContainerBeingDeleted, DESTINATION",
        "409, BlobImmutableDueToPolicy, FINAL",
        "409, InvalidBlobType, FINAL",
        "413, RequestBodyTooLarge, FINAL",
        "400, MetadataTooLarge, FINAL",
        "412, ConditionNotMet, FINAL",
    })
    void classify_byStatusAndCode(int status, String code, Failure expected) {
        DestinationException classified = AzureFailures.classify("'key' could not be delivered", error(status, code));

        assertThat(classified.failure()).isEqualTo(expected);
        assertThat(classified)
                .hasMessage("'key' could not be delivered: " + (status + " " + code).strip() + ", as the store says.");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "86400, 3600", "soon,", ","})
    void classify_retryAfter_isPassedOn(@Nullable String header, @Nullable Long seconds) {
        Answer busy = new Answer(503, "ServerBusy");
        if (header != null) {
            busy.getHeaders().set(HttpHeaderName.RETRY_AFTER, header);
        }

        DestinationException classified =
                AzureFailures.classify("x", AzureFailures.of(new BlobStorageException("busy", busy, null)));

        assertThat(classified.retryAfter())
                .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Test
    void classify_noAnswer_isRetryable() {
        AzureCallException away =
                AzureFailures.of(new RuntimeException(new UncheckedIOException(new ConnectException())));

        assertThat(AzureFailures.classify("x", away).failure()).isEqualTo(Failure.RETRYABLE);
        assertThat(away).hasMessage("no answer: ConnectException");
        assertThat(AzureFailures.isOutcomeUnknown(away)).isTrue();
    }

    @Test
    void classify_noCredentials_isTheDestinations() {
        AzureCallException none = AzureFailures.of(new ClientAuthenticationException("no endpoint\nat length", null));

        assertThat(AzureFailures.classify("x", none).failure()).isEqualTo(Failure.DESTINATION);
        assertThat(none).hasMessageEndingWith("no endpoint");
    }

    @ParameterizedTest
    @CsvSource({
        "409, BlobAlreadyExists, true",
        "412, ConditionNotMet, true",
        "412, '', true",
        "403, UnauthorizedBlobOverwrite, true",
        "412, LeaseIdMissing, false",
        "409, ContainerBeingDeleted, false",
    })
    void isTaken_onlyByABlob(int status, String code, boolean taken) {
        assertThat(AzureFailures.isTaken(error(status, code))).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BlobNotFound", "", "ResourceNotFound"})
    void isNotFound_isTheBlob(String code) {
        assertThat(AzureFailures.isNotFound(error(404, code))).isTrue();
        assertThat(AzureFailures.isNotFound(error(404, "ContainerNotFound"))).isFalse();
    }

    @Test
    void isOutcomeUnknown_afterAnAnswerThatIsNo_isFalse() {
        assertThat(AzureFailures.isOutcomeUnknown(error(500, "InternalError"))).isTrue();
        assertThat(AzureFailures.isOutcomeUnknown(error(400, "InvalidBlockList")))
                .isFalse();
    }

    /** The head of an answer: all that is looked at. */
    private static final class Answer extends HttpResponse {

        private final int status;
        private final HttpHeaders headers = new HttpHeaders();

        Answer(int status, String code) {
            super(new HttpRequest(HttpMethod.PUT, "https://account.example/container/key"));
            this.status = status;
            if (!code.isEmpty()) {
                headers.set(HttpHeaderName.fromString("x-ms-error-code"), code);
            }
        }

        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        @Deprecated
        public String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.empty();
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.empty();
        }

        @Override
        public Mono<String> getBodyAsString() {
            return Mono.empty();
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.empty();
        }
    }
}
