package dev.narwhal.destination.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The trusted certificates of TLS connections to a store: the system's, and those of a file. */
final class S3Trust {

    private S3Trust() {}

    /** @throws IllegalStateException with a sentence, when the file cannot be read or holds no certificate */
    static TrustManager[] systemAnd(Path pem, String setting) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (X509Certificate certificate : system()) {
                trusted.setCertificateEntry("system-" + number++, certificate);
            }
            for (Certificate certificate : read(pem)) {
                trusted.setCertificateEntry("file-" + number++, certificate);
            }
            return managers(trusted);
        } catch (IOException e) {
            throw new IllegalStateException(named(pem, setting) + " cannot be read: " + e, e);
        } catch (CertificateException e) {
            throw new IllegalStateException(
                    named(pem, setting) + " is no PEM file of certificates: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(named(pem, setting) + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> read(Path pem) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new CertificateException("there is none in it");
            }
            return certificates;
        }
    }

    private static X509Certificate[] system() throws GeneralSecurityException {
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager x509) {
                return x509.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }

    /** Null stands for the certificates that the system trusts. */
    private static TrustManager[] managers(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static String named(Path pem, String setting) {
        return "The file '" + pem.toAbsolutePath() + "' (" + setting + ")";
    }
}
