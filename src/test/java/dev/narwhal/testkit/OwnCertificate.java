package dev.narwhal.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1 that nobody has signed but itself, in files as the JDK's keytool makes them. */
public final class OwnCertificate {

    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "own";

    private final Path directory;

    private OwnCertificate(Path directory) {
        this.directory = directory;
    }

    public static OwnCertificate in(Path directory) throws IOException, InterruptedException {
        OwnCertificate certificate = new OwnCertificate(directory);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        ALIAS,
                        "-dname",
                        "CN=narwhal",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        certificate.keyStore().toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool ended with " + keytool.exitValue());
        }
        return certificate;
    }

    /** PKCS12, with the key. */
    public Path keyStore() {
        return directory.resolve("own.p12");
    }

    public String password() {
        return PASSWORD;
    }

    /** The certificate alone, for those who are to trust it. */
    public Path pem() throws IOException, GeneralSecurityException {
        return write("own.pem", "CERTIFICATE", load().getCertificate(ALIAS).getEncoded());
    }

    /** The private key alone, PKCS8 without a password. */
    public Path keyPem() throws IOException, GeneralSecurityException {
        return write(
                "own.key.pem",
                "PRIVATE KEY",
                load().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    }

    private Path write(String name, String label, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    /** What tells it from others. */
    public String serialNumber() throws IOException, GeneralSecurityException {
        return ((X509Certificate) load().getCertificate(ALIAS))
                .getSerialNumber()
                .toString(16);
    }

    /** Of a client that trusts this certificate alone. */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, load().getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore())) {
            certificates.load(in, PASSWORD.toCharArray());
        }
        return certificates;
    }
}
