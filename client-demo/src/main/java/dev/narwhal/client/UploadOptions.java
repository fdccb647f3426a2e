package dev.narwhal.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about an upload. Filled by picocli. */
@SuppressWarnings("NullAway.Init") // picocli gives each option its default before anything is read.
final class UploadOptions {

    enum Progress {
        auto,
        bar,
        plain,
        none
    }

    @Option(
            names = {"-u", "--url"},
            required = true,
            paramLabel = "URL",
            description = "Where uploads are created: http://host:8080/files")
    URI url;

    @Option(
            names = {"-m", "--meta"},
            paramLabel = "KEY=VALUE",
            description = "Metadata besides filename and filetype, or instead of them. May be repeated.")
    Map<String, String> meta = new LinkedHashMap<>();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header for every request, such as an Authorization. May be repeated.")
    List<Header> headers = List.of();

    @Option(
            names = "--chunk-size",
            paramLabel = "SIZE",
            defaultValue = "64M",
            description =
                    "Bytes in one request at most; smaller where a proxy limits them (default: ${DEFAULT-VALUE}).")
    ByteSize chunkSize;

    @Option(
            names = "--limit-rate",
            paramLabel = "SIZE",
            description = "Bytes per second at most, for example 500k (default: no limit).")
    @Nullable
    ByteSize limitRate;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "30",
            description = "Failures in a row, without progress, that are tried again (default: ${DEFAULT-VALUE}).")
    int retries;

    @Option(
            names = "--retry-for",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long a row of failures is tried again (default: ${DEFAULT-VALUE}).")
    Duration retryFor;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "Silence after which a connection is taken for dead (default: ${DEFAULT-VALUE}).")
    Duration timeout;

    @Option(names = "--no-resume", description = "Start anew, and remember nothing for a later run.")
    boolean noResume;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Where unfinished uploads are remembered (default: the user's state directory).")
    @Nullable
    Path stateDirectory;

    @Option(
            names = "--progress",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "One of ${COMPLETION-CANDIDATES}; auto: a bar on a terminal, else plain lines.")
    Progress progress;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the stack trace of every failure.")
    boolean verbose;
}
