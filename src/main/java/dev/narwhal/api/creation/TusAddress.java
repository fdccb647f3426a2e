package dev.narwhal.api.creation;

import dev.narwhal.http.ForwardedAddress;
import dev.narwhal.http.ProtocolOffer;
import dev.narwhal.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;

/**
 * Where tus clients find what the API has created.
 *
 * @param offer where uploads are created
 * @param proxies whose word about the public address counts
 */
record TusAddress(ProtocolOffer offer, TrustedProxies proxies) {

    /** The absolute URL of an upload URL's token, or of what is below it. */
    String of(HttpServletRequest request, String rest) {
        String creation = offer.url() + (offer.url().endsWith("/") ? "" : "/");
        if (!creation.startsWith("/")) {
            return creation + rest;
        }
        String url = ForwardedAddress.of(request, proxies).of(request.getContextPath() + creation + rest);
        return URI.create(request.getRequestURL().toString()).resolve(url).toString();
    }
}
