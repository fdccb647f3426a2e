package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** The headers of every answer, including failures and the container's own answers. A protocol implements this. */
public interface AnswerHeaders {

    /** Sets the headers, before any other part of the answer. */
    void apply(HttpServletRequest request, HttpServletResponse response);
}
