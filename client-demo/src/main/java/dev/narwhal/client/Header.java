package dev.narwhal.client;

/** A request header as written on the command line: {@code Name: value}. */
record Header(String name, String value) {

    Header {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a header");
        }
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new IllegalArgumentException("The value of the header '" + name + "' has a line break in it");
        }
    }

    static Header parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + text + "' is not a header like 'Name: value'");
        }
        return new Header(
                text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }
}
