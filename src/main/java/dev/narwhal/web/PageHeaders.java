package dev.narwhal.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Tells the browser that the page consists only of its own files, and that it must revalidate them. */
final class PageHeaders extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final String policy;

    /** @param uploadOrigin {@code https://host} if uploads have another origin than the page; else empty */
    PageHeaders(String uploadOrigin) {
        this.policy = policy(uploadOrigin);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Content-Security-Policy", policy);
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Anybody with an upload's URL can read the file, so the browser must not send the URL to other sites.
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        // The handler of the vendored files replaces this value.
        response.setHeader("Cache-Control", "no-cache");
        chain.doFilter(request, response);
    }

    private static String policy(String uploadOrigin) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                // Previews of selected files are blobs, Uppy's icons are data URLs.
                "img-src 'self' data: blob:",
                ("connect-src 'self' " + uploadOrigin).strip(),
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }
}
