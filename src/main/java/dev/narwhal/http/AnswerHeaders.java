package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** The headers that each answer carries, failures and the container's own among them; a protocol provides them. */
public interface AnswerHeaders {

    /** Sets them before anything else is said. */
    void apply(HttpServletRequest request, HttpServletResponse response);
}
