package dev.narwhal.bench.load;

import java.net.InetSocketAddress;

/**
 * Where uploads are created.
 *
 * @param path of the creation URL, as the server wants it, such as {@code /files}
 */
public record Target(int port, String path) {

    public String host() {
        return "127.0.0.1:" + port;
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }
}
