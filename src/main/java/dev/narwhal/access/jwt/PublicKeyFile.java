package dev.narwhal.access.jwt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A public key in a PEM file. */
final class PublicKeyFile {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int LEAST_BITS = 2048;

    private PublicKeyFile() {}

    /** @throws IllegalArgumentException with a sentence for the operator */
    static PublicKey read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw wrong(file, "which cannot be read (" + e + ")");
        }
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw wrong(file, "which has no public key and no certificate in PEM");
        }
        byte[] content = Base64.getMimeDecoder().decode(pem.group(2));
        PublicKey key = pem.group(1).equals("CERTIFICATE") ? certified(file, content) : plain(file, content);
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_BITS) {
            throw wrong(file, "whose key is shorter than " + LEAST_BITS + " bits");
        }
        return key;
    }

    private static PublicKey certified(Path file, byte[] content) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(content))
                    .getPublicKey();
        } catch (GeneralSecurityException e) {
            throw wrong(file, "whose certificate cannot be read (" + e.getMessage() + ")");
        }
    }

    private static PublicKey plain(Path file, byte[] content) {
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(content));
            } catch (GeneralSecurityException e) {
                // It may be a key of the other kind.
            }
        }
        throw wrong(file, "whose key is neither RSA nor EC");
    }

    private static IllegalArgumentException wrong(Path file, String why) {
        return new IllegalArgumentException(JwtProperties.PREFIX + ".public-key is '" + file + "', " + why);
    }
}
