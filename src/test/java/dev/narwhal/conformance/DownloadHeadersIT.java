package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a download says of its name and type, which a stranger chose (RFC 6266, RFC 8187). */
class DownloadHeadersIT {

    private final TusClient tus = TusServer.client();

    @ParameterizedTest
    @ValueSource(strings = {"report.pdf", "my holiday photo.jpg", "a'b(c).txt"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A plain name is the name of the download")
    void filename_isKept(String name) throws IOException {
        assertThat(nameOf(download(TusClient.metadata("filename", name)))).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Übergrößenträger.txt", "日本語.pdf", "🐳 narwhal.png", "naïve €.csv"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A name in any script arrives by filename*")
    void filename_inAnyScript(String name) throws IOException {
        RawResponse answer = download(TusClient.metadata("filename", name));
        assertThat(answer.required("Content-Disposition")).isPrintable();
        assertThat(nameOf(answer)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\";x=\"y",
                "a\\\";x=\"y.txt",
                "a\r\nSet-Cookie: evil=1\r\n\r\n<b>",
                "a\nX-Evil: 1",
                "a\rX-Evil: 1",
                "a\u0000b.txt",
                "a\u0085X-Evil: 1",
                "a\u2028X-Evil: 1",
                "; filename=evil.exe",
                "%0d%0aX-Evil: 1",
                "\u202Efdp.exe"
            })
    @Item(value = 81, level = S)
    @DisplayName("T81 D32 A name cannot add headers or parameters")
    void t81_filename_isHostile(String name) throws IOException {
        RawResponse answer = tus.get(tus.finished("<b>abc".getBytes(UTF_8), TusClient.metadata("filename", name)));
        assertThat(answer).hasNoHeader("Set-Cookie").hasNoHeader("X-Evil");
        if (TusServer.isForeign() && !answer.isSuccess()) {
            // A download that fails is a pity, but lets nothing in.
            return;
        }
        assertThat(answer).hasStatus(200).hasBody("<b>abc");
        String disposition = answer.required("Content-Disposition");
        assertThat(disposition).isPrintable();
        String withoutValues = disposition.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "\"\"");
        assertThat(withoutValues).matches("(attachment|inline)(; ?filename\\*?=(\"\"|[A-Za-z0-9!#$&+.^_`|~%'*-]+))*");
        assertThat(nameOf(answer)).doesNotContain("\r", "\n", "\u0000", "\u202E");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/passwd", "C:\\boot.ini"})
    @Item(value = 81, level = S)
    @DisplayName("T81 A name is no path")
    void t81_filename_isAPath(String name) throws IOException {
        assertThat(nameOf(download(TusClient.metadata("filename", name)))).doesNotContain("/", "\\");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".", "/", "   "})
    @Item(
            value = {},
            level = I)
    @DisplayName("A name that is none is served without a name, or with a harmless one")
    void filename_isNone(String name) throws IOException {
        RawResponse answer = download(TusClient.metadata("filename", name));
        assertThat(answer).hasHeader("Content-Disposition");
        assertThat(nameOf(answer)).isNotIn("..", ".", "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/jpeg", "video/mp4", "audio/mpeg", "text/plain"})
    @Item(
            value = {},
            level = I)
    @DisplayName("Types that no browser runs are shown inline")
    void type_isSafe(String type) throws IOException {
        RawResponse answer = download(TusClient.metadata("filetype", type));
        assertThat(answer.required("Content-Type")).startsWith(type);
        assertThat(answer.required("Content-Disposition")).startsWith("inline");
        assertThat(answer).hasHeader("X-Content-Type-Options", "nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "TEXT/HTML",
                "text/html; charset=utf-8",
                "image/svg+xml",
                "application/xhtml+xml",
                "text/xml",
                "application/xml",
                "application/javascript",
                "text/css",
                "application/pdf",
                "application/x-unheard-of",
                "multipart/byteranges; boundary=x",
                "not a type",
                "text/html\r\nX-Evil: 1",
                "*/*",
                "image/png, text/html"
            })
    @Item(value = 165, level = I)
    @DisplayName("T165 D32 Everything else is for saving, or comes under no type that a browser runs")
    void t165_type_isNotSafe(String type) throws IOException {
        RawResponse answer =
                download(TusClient.metadata("filetype", type) + "," + TusClient.metadata("filename", "x.html"));
        boolean forSaving = answer.header("Content-Disposition").orElse("").startsWith("attachment");
        // Either is safe; our own server does both.
        if (!forSaving || !TusServer.isForeign()) {
            assertThat(answer.required("Content-Type")).doesNotContain("html", "svg", "xml", "script");
        }
        assertThat(forSaving || TusServer.isForeign()).as("%s", answer).isTrue();
        assertThat(answer).hasNoHeader("X-Evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png;\"text/html", "image/png; x=\"text/html\"", "image/png;text/html"})
    @Item(
            value = {},
            level = I)
    @DisplayName("A safe type with something after it is served as that type alone, or as octets")
    void type_isSafeWithAnAppendix(String type) throws IOException {
        RawResponse answer = download(TusClient.metadata("filetype", type));
        assertThat(answer.required("Content-Type"))
                .matches("(image/png(;[a-z]+=[A-Za-z0-9/\"]+)?|application/octet-stream)");
    }

    @ParameterizedTest
    @CsvSource({
        "image/png, default-src 'none'; sandbox",
        "text/html, default-src 'none'; sandbox",
        "text/plain, default-src 'none'; sandbox",
        "video/html, default-src 'none'; sandbox",
        "video/mp4, default-src 'none'; media-src 'self'; sandbox",
        "audio/wav, default-src 'none'; media-src 'self'; sandbox",
        "application/ogg, default-src 'none'; media-src 'self'; sandbox"
    })
    @Item(
            value = {},
            level = I)
    @DisplayName("Our own server lets a download load nothing, but a film or a sound itself")
    void type_mayLoadItself_whenItIsPlayed(String type, String policy) throws IOException {
        TusServer.assumeOwn();
        assertThat(download(TusClient.metadata("filetype", type))).hasHeader("Content-Security-Policy", policy);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Without a type a download is an attachment of octets")
    void type_isAbsent() throws IOException {
        RawResponse answer = tus.get(tus.finished("<script>alert(1)</script>"));
        assertThat(answer).hasHeader("Content-Type", "application/octet-stream");
        assertThat(answer.required("Content-Disposition")).startsWith("attachment");
    }

    private RawResponse download(String metadata) throws IOException {
        RawResponse answer = tus.get(tus.finished("<b>abc".getBytes(UTF_8), metadata));
        assertThat(answer).hasStatus(200).hasBody("<b>abc");
        return answer;
    }

    /** As a browser reads it: filename* before filename; empty when there is none. */
    private static String nameOf(RawResponse answer) {
        String disposition = answer.required("Content-Disposition");
        if (disposition.contains("filename*=UTF-8''")) {
            String encoded = disposition.replaceFirst(".*filename\\*=UTF-8''([^;]*).*", "$1");
            return URLDecoder.decode(encoded.replace("+", "%2B"), UTF_8);
        }
        if (!disposition.contains("filename=")) {
            return "";
        }
        return disposition
                .replaceFirst(".*filename=\"((\\\\.|[^\"\\\\])*)\".*", "$1")
                .replaceAll("\\\\(.)", "$1");
    }
}
