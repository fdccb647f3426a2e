package dev.narwhal.destination.s3;

import dev.narwhal.destination.s3.S3Properties.BodySigning;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Chooses the signing of bodies when the setting is {@link BodySigning#AUTO}. */
final class S3Signing {

    /** Hosts that need no DNS lookup. */
    private static final Pattern IP_LITERAL = Pattern.compile("\\[[0-9A-Fa-f:.]+]|[0-9]+(\\.[0-9]+){3}");

    private S3Signing() {}

    /** The setting, or the value that {@link BodySigning#AUTO} stands for. Never {@code AUTO}. */
    static BodySigning of(S3Properties settings) {
        if (settings.bodySigning() != BodySigning.AUTO) {
            return settings.bodySigning();
        }
        return settings.endpoint() != null && isThisHost(settings.endpoint().getHost())
                ? BodySigning.NONE
                : BodySigning.WHOLE;
    }

    /** Judges only {@code localhost} and IP addresses, because a DNS name may resolve to another address next time. */
    private static boolean isThisHost(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return IP_LITERAL.matcher(host).matches()
                    && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
