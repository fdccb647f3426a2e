package dev.narwhal.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Says to the browser that the page consists of its own files alone, and that they are to be asked for again. */
final class PageHeaders extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final String policy;

    /** @param uploadOrigin {@code https://host} when uploads are reached under another origin too; else empty */
    PageHeaders(String uploadOrigin) {
        this.policy = policy(uploadOrigin);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Content-Security-Policy", policy);
        response.setHeader("X-Content-Type-Options", "nosniff");
        // An upload's URL is all that is needed to read the file: it is told to nobody.
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        // The handler of the vendored files puts its own in this one's place.
        response.setHeader("Cache-Control", "no-cache");
        chain.doFilter(request, response);
    }

    private static String policy(String uploadOrigin) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                // Previews of chosen files are blobs, Uppy's icons are data.
                "img-src 'self' data: blob:",
                ("connect-src 'self' " + uploadOrigin).strip(),
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }
}
