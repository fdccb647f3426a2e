package dev.narwhal.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Refuses to start a server that everybody in the network may use, unless somebody has said so. */
public final class OpenAccess {

    private OpenAccess() {}

    /** @throws IllegalArgumentException with a sentence for the operator */
    public static void require(Environment environment) {
        AccessProperties access =
                Binder.get(environment).bindOrCreate("narwhal.access", Bindable.of(AccessProperties.class));
        String address = environment.getProperty("server.address", "");
        if (access.isOpen() && !access.openToNetwork() && !isLoopback(address)) {
            throw new IllegalArgumentException("server.address is '" + address
                    + "', and narwhal.access.mode is open: everybody who reaches this machine could upload, read and"
                    + " delete. Set narwhal.access.mode=closed, and make a key with \"narwhal keys create\"; or set"
                    + " narwhal.access.open-to-network=true if that is meant");
        }
    }

    /** An address that nobody can look up is left to the container, whose message says more. */
    private static boolean isLoopback(String address) {
        if (address.isBlank()) {
            return false;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
