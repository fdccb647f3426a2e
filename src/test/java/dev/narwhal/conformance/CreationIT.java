package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.MAY;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section E: new uploads, their lengths and their URLs. */
class CreationIT {

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 58, level = M)
    @DisplayName("T58 A creation answers 201, Location and the offset 0")
    void t58_creation_withALength() throws IOException {
        RawResponse answer = tus.send(tus.post(100).body(""));
        assertThat(answer).hasStatus(201).hasHeader("Location").hasHeader("Upload-Offset", "0");
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
    @Item(
            value = {59, 60},
            level = I)
    @DisplayName("T59 T60 Location resolves against the URL of the request, and is accepted in absolute form")
    void t59_location_isAccepted() throws IOException {
        URI upload = tus.create(3);
        assertThat(upload.getAuthority()).isEqualTo(tus.creationUrl().getAuthority());
        assertThat(upload.getPath()).startsWith(tus.creationUrl().getPath());
        assertThat(tus.send(tus.request("HEAD", upload).target(upload.toString())))
                .isSuccess()
                .hasHeader("Upload-Offset", "0");
    }

    @Test
    @Item(value = 59, level = I)
    @DisplayName("T59 D28 Location does not follow forwarding headers of somebody who is not trusted")
    void t59_location_ignoresForwardingHeadersOfStrangers() throws IOException {
        RawRequest creation = tus.post(3)
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Proto", "gopher")
                .header("X-Forwarded-Prefix", "/evil")
                .header("Forwarded", "host=evil.example;proto=gopher")
                .body("");
        RawResponse answer = tus.send(creation);
        assertThat(answer).hasStatus(201);
        assertThat(answer.required("Location")).doesNotContain("evil", "gopher");
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
            assertThat(upload.getPath()).startsWith(URI.create(url + "/").getPath());
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
    @Item(
            value = {18, 65},
            level = I)
    @DisplayName("T18 T65 D19 A length over 2^63-1 is refused, not wrapped or deferred")
    void t65_creation_lengthOverflows(String length) throws IOException {
        assertThat(tus.send(tus.post().header("Upload-Length", length).body("")))
                .hasStatus(400, 413)
                .hasNoHeader("Location");
    }

    @Test
    @Item(value = 67, level = MAY)
    @DisplayName("T67 D12 An upload of length 0 is complete at once")
    void t67_creation_ofAnEmptyUpload() throws IOException {
        RawResponse answer = tus.send(tus.post(0).body(""));
        assertThat(answer).hasStatus(201).hasHeader("Upload-Offset", "0");
        URI upload = answer.location(tus.creationUrl());
        assertThat(tus.head(upload)).isSuccess().hasHeader("Upload-Offset", "0").hasHeader("Upload-Length", "0");
        assertThat(tus.get(upload)).hasStatus(200).hasNoBody().hasHeader("Content-Length", "0");
        // tus-java-client sends one empty PATCH all the same.
        assertThat(tus.send(tus.patch(upload, 0).chunked(new byte[0][])))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "0");
        assertThat(tus.send(tus.patch(upload, 0).body("x"))).hasStatus(400, 403, 413);
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
    @Item(
            value = {69, 167},
            level = I)
    @DisplayName("T69 T167 D18 An upload has one spelling of its URL; others do not reach it")
    void t69_upload_hasNoAliases() throws IOException {
        URI upload = tus.created(tus.post(3).body(""));
        String path = upload.getRawPath();
        int slash = path.lastIndexOf('/');
        String base = path.substring(0, slash);
        String id = path.substring(slash + 1);
        String[] aliases = {
            "/xyz" + path,
            base + id,
            base + "/../" + base.substring(base.lastIndexOf('/') + 1) + "/" + id,
            base + "/./" + id,
            base + "//" + id,
            "/" + path,
            path + "/",
            path + ";a=b",
            base + ";a=b/" + id,
            base + "/%" + Integer.toHexString(id.charAt(0)) + id.substring(1),
            base + "%2F" + id,
            base + "/x%2F..%2F" + id,
            base + "/x/" + id,
            path + "%00",
            path + "%20",
            base + "\\" + id,
            base + "/" + (id.equals(id.toUpperCase(Locale.ROOT)) ? id + "A" : id.toUpperCase(Locale.ROOT))
        };
        for (String alias : aliases) {
            RawRequest patch = tus.patch(upload, 0).target(alias).body("abc");
            assertThat(tus.send(patch)).hasStatus(400, 403, 404, 405).hasNoHeader("Upload-Offset");
            assertThat(tus.send(patch.method("HEAD").body(""))).hasNoHeader("Upload-Offset");
        }
        assertThat(tus.offset(upload)).isZero();
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
                assertThat(answer).hasHeader("Upload-Offset", "0");
                assertThat(tus.offset(answer.location(tus.creationUrl()))).isZero();
            }
        }
    }
}
