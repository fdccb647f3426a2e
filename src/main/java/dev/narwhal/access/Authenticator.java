package dev.narwhal.access;

import dev.narwhal.http.HttpError;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Finds out who sends a request. */
public final class Authenticator {

    private final AccessMode mode;
    private final ApiKeys keys;
    private final UploadUrls urls;
    private final @Nullable BearerTokens tokens;

    /** @param tokens null when no issuer is set */
    public Authenticator(AccessMode mode, ApiKeys keys, UploadUrls urls, @Nullable BearerTokens tokens) {
        this.mode = mode;
        this.urls = urls;
        this.keys = keys;
        this.tokens = tokens;
    }

    /**
     * The caller by the credentials of the request; {@link Caller#ANYBODY} while access is open, whatever the request
     * presents, and {@link Caller#STRANGER} for a request without credentials.
     *
     * @throws AccessRefusedException when the credentials are not valid
     */
    public Caller callerOf(HttpServletRequest request) throws AccessRefusedException {
        if (mode == AccessMode.OPEN) {
            return Caller.ANYBODY;
        }
        Credentials presented = Credentials.of(request);
        if (presented.isEmpty()) {
            return Caller.STRANGER;
        }
        if (presented.isAmbiguous()) {
            throw new AccessRefusedException(HttpError.CREDENTIALS_INVALID);
        }
        return authenticate(presented.token());
    }

    /**
     * The same for what pages of this server ask for: the cookie of a session counts where the request has no other credentials.
     *
     * @throws AccessRefusedException when the credentials are not valid
     */
    public Caller callerOfPage(HttpServletRequest request) throws AccessRefusedException {
        return mode == AccessMode.CLOSED && Credentials.isSession(request)
                ? keys.callerOfSession(Credentials.session(request).orElseThrow())
                : callerOf(request);
    }

    private Caller authenticate(String token) throws AccessRefusedException {
        if (KeyText.isMeant(token) || tokens == null) {
            return keys.authenticate(token);
        }
        return tokens.authenticate(token);
    }

    /** @throws AccessRefusedException when the caller lacks the role: with CREDENTIALS_MISSING for one without credentials */
    public static void require(Caller caller, Role role) throws AccessRefusedException {
        if (caller == Caller.STRANGER) {
            throw new AccessRefusedException(HttpError.CREDENTIALS_MISSING);
        }
        if (!caller.has(role)) {
            throw new AccessRefusedException(HttpError.SCOPE_MISSING);
        }
    }

    /**
     * True when what the caller presented was revoked since.
     *
     * @param credential as {@link Caller#credential()} names it
     */
    public boolean isRevoked(String credential) {
        if (UploadUrl.isNamedBy(credential)) {
            return urls.isRevoked(credential);
        }
        return credential.startsWith(ApiKey.CREDENTIAL) && keys.isRevoked(ApiKey.idOf(credential));
    }
}
