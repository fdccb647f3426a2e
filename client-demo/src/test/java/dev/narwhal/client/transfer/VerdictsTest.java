package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.client.transfer.Attempt.Step;
import dev.narwhal.client.transfer.Verdict.Again;
import dev.narwhal.client.transfer.Verdict.Anew;
import dev.narwhal.client.transfer.Verdict.GiveUp;
import io.tus.java.client.ProtocolException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictsTest {

    private final Verdicts verdicts = new Verdicts(URI.create("http://files.example:8080/files"));

    @ParameterizedTest
    @CsvSource({
        "CREATING, 400, GiveUp",
        "CREATING, 401, GiveUp",
        "CREATING, 403, GiveUp",
        "CREATING, 404, GiveUp",
        "CREATING, 405, GiveUp",
        "CREATING, 412, GiveUp",
        "CREATING, 413, GiveUp",
        "CREATING, 302, GiveUp",
        "CREATING, 501, GiveUp",
        "CREATING, 507, GiveUp",
        "CREATING, 201, GiveUp",
        "CREATING, 408, Again",
        "CREATING, 423, Again",
        "CREATING, 429, Again",
        "CREATING, 500, Again",
        "CREATING, 503, Again",
        "ASKING, 404, Anew",
        "ASKING, 410, Anew",
        "ASKING, 403, GiveUp",
        "ASKING, 409, Again",
        "ASKING, 423, Again",
        "ASKING, 429, Again",
        "ASKING, 500, Again",
        "ASKING, 204, Again",
        "SENDING, 404, Anew",
        "SENDING, 410, Anew",
        "SENDING, 403, GiveUp",
        "SENDING, 413, GiveUp",
        "SENDING, 409, Again",
        "SENDING, 423, Again",
        "SENDING, 429, Again",
        "SENDING, 500, Again",
        "SENDING, 503, Again",
        "SENDING, 507, Again",
        "SENDING, 204, Again"
    })
    void of_status_isDecidedByTheStep(Step step, int status, String kind) {
        assertThat(verdicts.of(answer(status), step).getClass().getSimpleName()).isEqualTo(kind);
    }

    @Test
    void of_detail_isInTheSentence() {
        Answer answer = new Answer(413, Optional.of("At most 5 GiB."), Duration.ZERO, Optional.empty());
        assertThat(verdicts.of(answer, Step.CREATING).sentence())
                .isEqualTo("it is too large for the server (413: At most 5 GiB.)");
    }

    @Test
    void of_redirect_namesItsTarget() {
        Answer answer = new Answer(308, Optional.empty(), Duration.ZERO, Optional.of("https://files.example/files"));
        assertThat(verdicts.of(answer, Step.CREATING).sentence())
                .isEqualTo("the server redirects to https://files.example/files (308); give that as --url");
    }

    @ParameterizedTest
    @ValueSource(ints = {423, 429, 503, 507})
    void of_retryAfter_isKept(int status) {
        Answer answer = new Answer(status, Optional.empty(), Duration.ofSeconds(7), Optional.empty());
        assertThat(verdicts.of(answer, Step.SENDING))
                .isInstanceOfSatisfying(
                        Again.class, again -> assertThat(again.notBefore()).isEqualTo(Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void of_brokenConnection_isAgainInEachStep(Step step) {
        IOException[] breaks = {
            new ConnectException("Connection refused"),
            new UnknownHostException("files.example"),
            new SocketException("Broken pipe"),
            new SocketTimeoutException("Read timed out"),
            new StalledException("nothing has moved for 60 s"),
            new SSLHandshakeException("Remote host terminated the handshake")
        };
        for (IOException broken : breaks) {
            assertThat(verdicts.of(broken, step)).isInstanceOf(Again.class);
        }
        assertThat(verdicts.of(new ProtocolException("no offset"), step)).isInstanceOf(Again.class);
    }

    @Test
    void of_refusedConnection_namesHostAndPort() {
        assertThat(verdicts.of(new ConnectException("Connection refused"), Step.CREATING)
                        .sentence())
                .isEqualTo("no connection to files.example:8080 (Connection refused)");
    }

    @Test
    void of_untrustedCertificate_isTheEnd() {
        SSLHandshakeException failure = new SSLHandshakeException("PKIX path building failed");
        failure.initCause(new CertificateException("unknown issuer"));
        assertThat(verdicts.of(failure, Step.CREATING)).isInstanceOf(GiveUp.class);
    }

    @Test
    void of_ownFile_isTheEnd() {
        assertThat(verdicts.of(new SourceException("does not exist", null), Step.SENDING))
                .isEqualTo(new GiveUp("does not exist"));
    }

    @Test
    void of_uploadOfAnotherFile_isANewStart() {
        assertThat(verdicts.of(new ForeignUploadException("another size"), Step.ASKING))
                .isInstanceOf(Anew.class);
    }

    private static Answer answer(int status) {
        return new Answer(status, Optional.empty(), Duration.ZERO, Optional.empty());
    }
}
