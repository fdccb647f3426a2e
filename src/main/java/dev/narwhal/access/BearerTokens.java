package dev.narwhal.access;

/** Tokens of an issuer outside of this server. */
public interface BearerTokens {

    /**
     * The caller behind a token. May be called for each request, so it must not ask the issuer each time.
     *
     * @throws AccessRefusedException with CREDENTIALS_INVALID, CREDENTIALS_EXPIRED or ACCESS_UNAVAILABLE
     */
    Caller authenticate(String token) throws AccessRefusedException;
}
