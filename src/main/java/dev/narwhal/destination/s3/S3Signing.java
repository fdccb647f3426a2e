package dev.narwhal.destination.s3;

import dev.narwhal.destination.s3.S3Properties.BodySigning;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** What is signed of bodies, where the setting leaves it open. */
final class S3Signing {

    /** Of these no resolver is asked. */
    private static final Pattern IP_LITERAL = Pattern.compile("\\[[0-9A-Fa-f:.]+]|[0-9]+(\\.[0-9]+){3}");

    private S3Signing() {}

    /** The setting, or what {@link BodySigning#AUTO} stands for: never itself. */
    static BodySigning of(S3Properties settings) {
        if (settings.bodySigning() != BodySigning.AUTO) {
            return settings.bodySigning();
        }
        return settings.endpoint() != null && isThisHost(settings.endpoint().getHost())
                ? BodySigning.NONE
                : BodySigning.WHOLE;
    }

    /** By what is written there: what a resolver says of a name may be something else the next time. */
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
