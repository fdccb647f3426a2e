package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.MAY;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section E: new uploads, their lengths and their URLs. */
class CreationIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Our own server tells the offset in every 201: tus-js-client reads it there")
    void creation_tellsTheOffset() throws IOException {
        TusServer.assumeOwn();
        for (RawRequest creation : new RawRequest[] {tus.post(100), tus.post(0), tus.postDeferred()}) {
            assertThat(tus.send(creation.body(""))).hasStatus(201).hasHeader("Upload-Offset", "0");
        }
        assertThat(tus.get(tus.create(0))).hasStatus(200).hasHeader("Content-Length", "0");
    }

    @Test
    @Item(value = 58, level = M)
    @DisplayName("T58 A creation answers 201, Location and the offset 0")
    void t58_creation_withALength() throws IOException {
        RawResponse answer = tus.send(tus.post(100).body(""));
        assertThat(answer).hasStatus(201).hasHeader("Location").hasHeaderIfAny("Upload-Offset", "0");
        assertThat(tus.head(answer.location(tus.creationUrl())))
                .isSuccess()
                .hasHeader("Upload-Offset", "0")
                .hasHeader("Upload-Length", "100");
    }

    @Test
    @Item(value = 58, level = M)
    @DisplayName("T58 A creation needs no Content-Length")
    void t58_creation_withoutAContentLength() throws IOException {
        assertThat(tus.offset(tus.created(tus.post(100)))).isZero();
        assertThat(tus.offset(tus.created(tus.post(100).chunked(new byte[0][]))))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, Integer.MAX_VALUE, 1L << 40})
    @Item(value = 58, level = M)
    @DisplayName("T58 The length may be more than 32 bits")
    void t58_creation_ofALargeUpload(long length) throws IOException {
        RawResponse answer = tus.send(tus.post(length).body(""));
        // A server may have no room for a terabyte; it must not forget bits of it.
        if (answer.status() != 507 && answer.status() != 413) {
            assertThat(answer).hasStatus(201);
            assertThat(tus.head(answer.location(tus.creationUrl()))).hasHeader("Upload-Length", Long.toString(length));
        }
    }

    @Test
    @Item(value = 59, level = MAY)
    @DisplayName("T59 Location, relative or absolute, resolves against the URL of the request to the upload")
    void t59_location_resolves() throws IOException {
        URI upload = tus.create(3);
        assertThat(upload.isAbsolute()).isTrue();
        assertThat(tus.offset(upload)).isZero();
        tus.append(upload, 0, "abc");
    }

    @Test
    @Item(value = 60, level = I)
    @DisplayName("T60 Location is accepted back, in absolute form too")
    void t60_location_isAccepted() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(tus.request("HEAD", upload).target(upload.toString())))
                .isSuccess()
                .hasHeader("Upload-Offset", "0");
    }

    @Test
    @Item(value = 59, level = MAY)
    @DisplayName("T59 D28 Location does not follow forwarding headers of somebody who is not trusted")
    void t59_location_ignoresForwardingHeadersOfStrangers() throws IOException {
        RawRequest creation = tus.post(3)
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Prefix", "/evil")
                .header("Forwarded", "host=evil.example;proto=https")
                .body("");
        RawResponse answer = tus.send(creation);
        assertThat(answer).hasStatus(201);
        assertThat(answer.required("Location")).doesNotContain("evil", "https");
        assertThat(tus.offset(answer.location(tus.creationUrl()))).isZero();
    }

    @Test
    @Item(
            value = {61, 167},
            level = I)
    @DisplayName("T61 T167 D25 Uploads are created with and without a slash at the end of the URL")
    void t61_creation_withAndWithoutASlash() throws IOException {
        String url = tus.creationUrl().toString().replaceAll("/$", "");
        for (String spelling : new String[] {url, url + "/"}) {
            URI creationUrl = URI.create(spelling);
            RawResponse answer = tus.send(tus.request("POST", creationUrl)
                    .header("Upload-Length", "3")
                    .body(""));
            assertThat(answer).hasStatus(201);
            URI upload = answer.location(creationUrl);
            tus.append(upload, 0, "abc");
        }
    }

    @Test
    @Item(value = 62, level = M)
    @DisplayName("T62 A creation that says nothing of the length is refused with 400")
    void t62_creation_withoutALength() throws IOException {
        assertThat(tus.send(tus.post().body(""))).hasStatus(400).hasNoHeader("Location");
    }

    @Test
    @Item(value = 63, level = I)
    @DisplayName("T63 A creation that both gives and defers the length is refused with 400")
    void t63_creation_withAndWithoutALength() throws IOException {
        assertThat(tus.send(tus.post(3).header("Upload-Defer-Length", "1").body("")))
                .hasStatus(400)
                .hasNoHeader("Location");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "abc", "+5", "", "1.0", "0x10", "1 000", "1,2", "5e1", "NaN"})
    @Item(
            value = {18, 64},
            level = M)
    @DisplayName("T18 T64 A length that is no whole number is refused with 400")
    void t64_creation_lengthIsNoNumber(String length) throws IOException {
        assertThat(tus.send(tus.post().header("Upload-Length", length).body("")))
                .hasStatus(400)
                .hasNoHeader("Location");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "99999999999999999999", "18446744073709551621"})
    @Item(value = 65, level = I)
    @DisplayName("T65 D19 A length over 2^63-1 is refused, not wrapped or deferred")
    void t65_creation_lengthOverflows(String length) throws IOException {
        assertThat(tus.send(tus.post().header("Upload-Length", length).body("")))
                .hasStatus(400, 413)
                .hasNoHeader("Location");
    }

    @Test
    @Item(value = 66, level = M)
    @DisplayName("T66 A length beyond the largest size, where there is one, is refused with 413")
    void t66_creation_beyondTheMaxSize() throws IOException {
        String maxSize = tus.send(RawRequest.of("OPTIONS", tus.creationUrl()))
                .header("Tus-Max-Size")
                .orElse("");
        Assumptions.assumeFalse(maxSize.isEmpty(), "the server tells no largest size");
        String beyond = new BigInteger(maxSize).add(BigInteger.ONE).toString();
        assertThat(tus.send(tus.post().header("Upload-Length", beyond).body("")))
                .hasStatus(413)
                .hasNoHeader("Location");
    }

    @Test
    @Item(value = 67, level = MAY)
    @DisplayName("T67 D12 An upload of length 0 is complete at once")
    void t67_creation_ofAnEmptyUpload() throws IOException {
        RawResponse answer = tus.send(tus.post(0).body(""));
        assertThat(answer).hasStatus(201).hasHeaderIfAny("Upload-Offset", "0");
        URI upload = answer.location(tus.creationUrl());
        tus.holds(upload, "");
        assertThat(tus.send(tus.patch(upload, 0).body("x"))).hasStatus(400, 403, 413);
        tus.holds(upload, "");
    }

    @Test
    @Item(value = 69, level = I)
    @DisplayName("T69 Ids cannot be guessed")
    void t69_ids_areRandom() throws IOException {
        Set<String> starts = new HashSet<>();
        Set<String> ends = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            String path = tus.create(1).getPath();
            String id = path.substring(path.lastIndexOf('/') + 1);
            assertThat(id).hasSizeGreaterThanOrEqualTo(21);
            starts.add(id.substring(0, 10));
            ends.add(id.substring(id.length() - 10));
        }
        assertThat(starts).hasSize(20);
        assertThat(ends).hasSize(20);
    }

    @Test
    @Item(value = 69, level = I)
    @DisplayName("T69 D18 An upload is at its URL and not at others that end or begin like it")
    void t69_upload_hasNoAliases() throws IOException {
        Spelled upload = new Spelled(tus.create(3));
        String id = upload.id();
        isNotReached(
                upload,
                "/xyz" + upload.path(),
                upload.base() + id,
                upload.base() + "/x/" + id,
                upload.path() + "%00",
                upload.path() + "%20",
                upload.base() + "/"
                        + (id.equals(id.toUpperCase(Locale.ROOT)) ? id + "A" : id.toUpperCase(Locale.ROOT)));
    }

    @Test
    @Item(value = 167, level = I)
    @DisplayName("T167 D18 Dots, doubled slashes, parameters and escaped slashes in a path are refused")
    void t167_paths_haveNoTricks() throws IOException {
        Spelled upload = new Spelled(tus.create(3));
        String base = upload.base();
        String id = upload.id();
        isNotReached(
                upload,
                base + "/../" + base.substring(base.lastIndexOf('/') + 1) + "/" + id,
                base + "/./" + id,
                base + "//" + id,
                "/" + upload.path(),
                upload.path() + ";a=b",
                base + ";a=b/" + id,
                base + "%2F" + id,
                base + "/x%2F..%2F" + id,
                base + "\\" + id);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Our own server does not take a slash after the id, or an escaped letter in it, for the same upload")
    void upload_hasOneSpelling() throws IOException {
        TusServer.assumeOwn();
        Spelled upload = new Spelled(tus.create(3));
        String id = upload.id();
        isNotReached(
                upload,
                upload.path() + "/",
                upload.base() + "/%" + Integer.toHexString(id.charAt(0)) + id.substring(1));
    }

    private record Spelled(URI url) {

        String path() {
            return url.getRawPath();
        }

        String base() {
            return path().substring(0, path().lastIndexOf('/'));
        }

        String id() {
            return path().substring(path().lastIndexOf('/') + 1);
        }
    }

    private void isNotReached(Spelled upload, String... aliases) throws IOException {
        for (String alias : aliases) {
            RawRequest patch = tus.patch(upload.url(), 0).target(alias).body("abc");
            RawResponse answer = tus.send(patch);
            assertThat(answer).hasNoHeader("Upload-Offset");
            // Some servers send a client to the plain path.
            assertThat(answer.status() / 100).as("%s", answer).isIn(TusServer.isForeign() ? List.of(3, 4) : List.of(4));
            assertThat(tus.send(patch.method("HEAD").body(""))).hasNoHeader("Upload-Offset");
        }
        assertThat(tus.offset(upload.url())).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/octet-stream", ""})
    @Item(value = 70, level = I)
    @DisplayName("T70 D10 A creation's body of another type is ignored or refused, never stored")
    void t70_creation_withABodyOfAnotherType(String type) throws IOException {
        RawRequest creation = type.isEmpty() ? tus.post(5) : tus.post(5).header("Content-Type", type);
        for (RawRequest request : new RawRequest[] {creation.body("hello"), creation.chunked("hello")}) {
            RawResponse answer = tus.send(request);
            assertThat(answer).hasStatus(201, 400, 415);
            if (answer.status() == 201) {
                assertThat(answer).hasHeaderIfAny("Upload-Offset", "0");
                assertThat(tus.offset(answer.location(tus.creationUrl()))).isZero();
            }
        }
    }
}
