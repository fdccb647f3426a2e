package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section I: what is said of the expiration of uploads, and what prolongs it. */
class ExpirationIT {

    private static final String EXPIRES = "Upload-Expires";

    private final TusClient tus = TusServer.client();

    /** Strictly: RFC 9110, section 5.6.7. */
    static Instant expiry(RawResponse answer) {
        String value = answer.required(EXPIRES);
        assertThat(value)
                .matches("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2}"
                        + " (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4}"
                        + " [0-9]{2}:[0-9]{2}:[0-9]{2} GMT");
        return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    /** When the upload expires, asked without prolonging its life, if that is possible. */
    private Instant expiryNow(URI upload, long offset) throws IOException {
        if (TusServer.isForeign() && refusalsTell(upload, offset)) {
            return expiry(tus.send(tus.patch(upload, offset + 1).body("x")));
        }
        RawResponse answer = tus.send(tus.patch(upload, offset).body(""));
        assertThat(answer).hasStatus(204);
        return expiry(answer);
    }

    private boolean refusalsTell(URI upload, long offset) throws IOException {
        return tus.send(tus.patch(upload, offset + 1).body("x")).header(EXPIRES).isPresent();
    }

    /** Skips the test where asking moves the expiry: then nothing else can be seen to move it. */
    private void assumeSteady(URI upload, long offset) throws IOException {
        if (TusServer.isForeign()) {
            Instant expiry = expiryNow(upload, offset);
            awaitLaterThan(expiry);
            Assumptions.assumeTrue(expiryNow(upload, offset).equals(expiry), "asking for the expiry moves it");
        }
    }

    /** Waits until what happens now is told from what happened at that expiry. */
    private void awaitLaterThan(Instant expiry) {
        Awaitility.await("the server's clock moves on")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> expiry(tus.send(tus.post(10).body(""))).isAfter(expiry.plusSeconds(1)));
    }

    /** Whether it tells any is for T107. */
    @BeforeEach
    void expiriesAreTold() throws IOException {
        if (TusServer.isForeign()) {
            URI upload = tus.create(10);
            RawResponse patch = tus.send(tus.patch(upload, 0).body("a"));
            Assumptions.assumeTrue(
                    patch.header(EXPIRES).isPresent(), Offer.NOT_OFFERED + "expiration (no answer tells an expiry)");
        }
    }

    @Test
    @Item(
            value = {108, 110},
            level = M)
    @DisplayName("T108 T110 A creation tells when the upload expires, as an HTTP date")
    void t108_creation_tellsTheExpiry() throws IOException {
        Instant before = Instant.now();
        assertThat(expiry(tus.send(tus.post(10).body("")))).isAfter(before);
        assertThat(expiry(tus.send(tus.postDeferred().body("")))).isAfter(before);
    }

    @Test
    @Item(
            value = {105},
            level = M)
    @DisplayName("T105 A creation with a part of the bytes tells when the upload expires")
    void t105_creationWithUpload_tellsTheExpiry() throws IOException {
        RawResponse answer = tus.send(
                tus.post(10).header("Content-Type", TusClient.OFFSET_TYPE).body("abc"));
        assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "3").hasHeader(EXPIRES);
    }

    @Test
    @Item(value = 108, level = M, needs = "concatenation-unfinished")
    @DisplayName("T108 A final of unfinished partials tells when it expires, one of finished partials does not")
    void t108_final_tellsTheExpiryWhileItIsUnfinished() throws IOException {
        TusServer.assumeOwn();
        RawResponse partial =
                tus.send(tus.post(3).header("Upload-Concat", "partial").body(""));
        assertThat(partial).hasStatus(201).hasHeader(EXPIRES);
        URI url = partial.location(tus.creationUrl());
        RawRequest concatenation = tus.post().header("Upload-Concat", "final;" + url.getPath());
        assertThat(tus.send(concatenation.body(""))).hasStatus(201).hasHeader(EXPIRES);
        assertThat(tus.send(tus.patch(url, 0).body("abc"))).hasStatus(204).hasNoHeader(EXPIRES);
        assertThat(tus.send(concatenation.body(""))).hasStatus(201).hasNoHeader(EXPIRES);
    }

    @Test
    @Item(
            value = {55, 109},
            level = M)
    @DisplayName("T55 T109 Every PATCH tells when the upload expires")
    void t55_patch_tellsTheExpiry() throws IOException {
        URI upload = tus.create(10);
        Instant before = Instant.now();
        for (String body : new String[] {"abc", ""}) {
            RawResponse answer = tus.send(tus.patch(upload, tus.offset(upload)).body(body));
            assertThat(answer).hasStatus(204);
            assertThat(expiry(answer)).isAfter(before);
        }
    }

    @Test
    @Item(
            value = {55, 109},
            level = M)
    @DisplayName("T55 T109 Our own server moves that by the bytes of a PATCH")
    void t55_patch_movesTheExpiry() throws IOException {
        TusServer.assumeOwn();
        RawResponse created = tus.send(tus.post(10).body(""));
        URI upload = created.location(tus.creationUrl());
        awaitLaterThan(expiry(created));
        RawResponse answer = tus.send(tus.patch(upload, 0).body("abc"));
        assertThat(answer).hasStatus(204);
        assertThat(expiry(answer)).isAfter(expiry(created));
        assertThat(expiryNow(upload, 3)).isEqualTo(expiry(answer));
    }

    @Test
    @Item(value = 109, level = M)
    @DisplayName("T109 A PATCH that is refused tells when the upload expires, too")
    void t109_refusedPatch_tellsTheExpiry() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "abc");
        Instant expiry = expiryNow(upload, 3);
        RawResponse conflict = tus.send(tus.patch(upload, 1).body("x"));
        assertThat(conflict).hasStatus(409);
        assertThat(expiry(conflict)).isEqualTo(expiry);
        RawResponse tooLarge = tus.send(tus.patch(upload, 3).body("x".repeat(8)));
        assertThat(tooLarge).isNoSuccess();
        assertThat(expiry(tooLarge)).isEqualTo(expiry);
    }

    @Test
    @Item(value = 109, level = M, needs = "checksum")
    @DisplayName("T109 A PATCH whose digest is wrong tells when the upload expires, and does not move that")
    void t109_wrongDigest_tellsTheExpiry() throws IOException {
        URI upload = tus.create(10);
        Instant expiry = expiryNow(upload, 0);
        awaitLaterThan(expiry);
        RawResponse answer = tus.send(tus.patch(upload, 0)
                .header("Upload-Checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                .body("abc"));
        assertThat(answer).hasStatus(460);
        assertThat(expiry(answer)).isEqualTo(expiry);
        assertThat(expiryNow(upload, 0)).isEqualTo(expiry);
    }

    @Test
    @Item(value = 113, level = I)
    @DisplayName("T113 A PATCH that is refused does not prolong the life of an upload")
    void t113_refusedPatch_doesNotProlong() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "abc");
        if (!refusalsTell(upload, 3)) {
            assumeSteady(upload, 3);
        }
        Instant expiry = expiryNow(upload, 3);
        awaitLaterThan(expiry);
        assertThat(tus.send(tus.patch(upload, 1).body("x"))).isNoSuccess();
        assertThat(tus.send(tus.patch(upload, 3).body("x".repeat(8)))).isNoSuccess();
        assertThat(tus.send(
                        tus.patch(upload, 3).with("Content-Type", "text/plain").body("x")))
                .isNoSuccess();
        assertThat(tus.send(tus.patch(upload, 3).with("Upload-Offset", "-3").body("x")))
                .isNoSuccess();
        assertThat(tus.send(tus.patch(upload, 3).with("Tus-Resumable", "0.2.2").body("x")))
                .isNoSuccess();
        assertThat(expiryNow(upload, 3)).isEqualTo(expiry);
    }

    @Test
    @Item(value = 4, level = M, needs = "expiration")
    @DisplayName("T4 A request of another version, or of none, does not prolong the life of an upload")
    void t4_anotherVersion_doesNotProlong() throws IOException {
        URI upload = tus.create(10);
        assumeSteady(upload, 0);
        Instant expiry = expiryNow(upload, 0);
        awaitLaterThan(expiry);
        // Whether that is 412 is for T2 and T3.
        assertThat(tus.send(tus.patch(upload, 0).with("Tus-Resumable", "0.2.2").body("x")))
                .isNoSuccess();
        assertThat(tus.send(tus.patch(upload, 0).without("Tus-Resumable").body("x")))
                .isNoSuccess();
        tus.send(tus.request("HEAD", upload).with("Tus-Resumable", "0.2.2"));
        assertThat(expiryNow(upload, 0)).isEqualTo(expiry);
    }

    @Test
    @Item(value = 30, level = I, needs = "expiration")
    @DisplayName("T30 HEAD does not prolong the life of an upload")
    void t30_head_doesNotProlong() throws IOException {
        URI upload = tus.create(10);
        assumeSteady(upload, 0);
        Instant expiry = expiryNow(upload, 0);
        awaitLaterThan(expiry);
        assertThat(tus.head(upload)).isSuccess();
        assertThat(expiryNow(upload, 0)).isEqualTo(expiry);
    }

    @Test
    @Item(value = 109, level = M, needs = "creation-defer-length")
    @DisplayName("T109 A body that is too long tells when the upload expires, unless it is complete then")
    void t109_bodyBeyondTheEnd_tellsTheExpiryOfWhatIsUnfinished() throws IOException {
        URI upload = tus.createDeferred();
        RawResponse declared =
                tus.send(tus.patch(upload, 0).header("Upload-Length", "10").body("abc"));
        assertThat(declared).hasStatus(204).hasHeader(EXPIRES);
        RawResponse answer = tus.send(tus.patch(upload, 3).chunked("defg", "hijklmnop"));
        if (TusServer.isForeign() && answer.isSuccess()) {
            // That it should have been refused is for T40.
            return;
        }
        assertThat(answer).isNoSuccess();
        if (tus.offset(upload) == 10) {
            assertThat(answer).hasNoHeader(EXPIRES);
        } else {
            assertThat(answer).hasHeader(EXPIRES);
        }
    }

    @Test
    @Item(value = 111, level = I)
    @DisplayName("T111 A complete upload does not expire, and nothing says that it does")
    void t111_completeUpload_hasNoExpiry() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(tus.patch(upload, 0).body("abc"))).hasStatus(204).hasNoHeader(EXPIRES);
        assertThat(tus.send(tus.patch(upload, 3).body(""))).hasStatus(204).hasNoHeader(EXPIRES);
        assertThat(tus.send(tus.patch(upload, 0).body("abc"))).hasStatus(409).hasNoHeader(EXPIRES);
        assertThat(tus.head(upload)).isSuccess().hasNoHeader(EXPIRES);
        assertThat(tus.get(upload)).hasNoHeader(EXPIRES);
    }

    @Test
    @Item(value = 111, level = I, needs = "creation-with-upload")
    @DisplayName("T111 Nor does one that its creation completes")
    void t111_creationOfACompleteUpload_hasNoExpiry() throws IOException {
        assertThat(tus.send(tus.post(0).body(""))).hasStatus(201).hasNoHeader(EXPIRES);
        assertThat(tus.send(tus.post(3)
                        .header("Content-Type", TusClient.OFFSET_TYPE)
                        .body("abc")))
                .hasStatus(201)
                .hasNoHeader(EXPIRES);
    }

    @Test
    @Item(
            value = {},
            level = S,
            needs = {"expiration", "termination"})
    @DisplayName("Answers about no upload, or an upload that is gone, tell no expiry")
    void answers_aboutNoUpload_tellNoExpiry() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.delete(upload)).hasStatus(204).hasNoHeader(EXPIRES);
        assertThat(tus.send(tus.patch(upload, 0).body("abc")))
                .hasStatus(404, 410)
                .hasNoHeader(EXPIRES);
        assertThat(tus.send(tus.post().body(""))).hasStatus(400).hasNoHeader(EXPIRES);
    }
}
