package dev.narwhal.conformance;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests of the catalogue's items against a server, prints a verdict for each item and writes them to a file:
 * {@code ./mvnw -Pconformance verify -Dtus.url=http://host:port/files}. How to run it is told in
 * {@code docs/conformance-kit.md}.
 */
public final class ConformanceKit {

    private static final String TEST_LIMIT = "90 s";

    private final KitOptions options;
    private final PrintStream out;

    private ConformanceKit(KitOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Exits with 0, with 1 when the result is not what was asked for, with 2 when there is none. */
    public static void main(String[] arguments) throws IOException {
        int status;
        try {
            status = new ConformanceKit(KitOptions.fromSystemProperties(), System.out).run();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            System.out.println("The conformance kit cannot run: " + e.getMessage());
            status = 2;
        }
        System.exit(status);
    }

    private int run() throws IOException {
        if (!answers()) {
            throw new IllegalArgumentException(
                    "nothing answers at " + TusServer.client().creationUrl());
        }
        Offer offer = TusServer.offer();
        if (!offer.has("creation")) {
            throw new IllegalArgumentException("the server at "
                    + TusServer.client().creationUrl()
                    + " does not list creation in the Tus-Extension of its OPTIONS; without it nothing can be tested");
        }
        Findings findings = new Findings();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request(), findings);
        if (!answers()) {
            throw new IllegalArgumentException("the server ended during the run; the first that could not connect was "
                    + findings.failures().stream()
                            .filter(failure -> failure.why().contains("refused"))
                            .map(Findings.Finding::title)
                            .findFirst()
                            .orElse("none of the tests"));
        }
        Catalogue catalogue = Catalogue.standard();
        ServerResult result = new ServerResult(
                options.name(), options.version(), options.setup(), offer.extensions(), findings.results(catalogue));
        result.write(options.results());
        Path details = details(findings);
        Report report = new Report(catalogue, result);
        out.println(report.text());
        out.println("Results: " + options.results() + ", requests and answers of what failed: " + details);
        return judge(report);
    }

    private static boolean answers() {
        TusClient tus = TusServer.client();
        try {
            return tus.send(RawRequest.of("OPTIONS", tus.creationUrl())).status() < 500;
        } catch (IOException e) {
            return false;
        }
    }

    private LauncherDiscoveryRequest request() {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage(ConformanceKit.class.getPackageName()))
                .filters(includeClassNamePatterns(".*IT"), (PostDiscoveryFilter) this::filter)
                .configurationParameter("junit.jupiter.execution.timeout.default", TEST_LIMIT)
                .build();
    }

    /** Only tests that show an item that the options want. */
    private FilterResult filter(TestDescriptor test) {
        Item item = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getJavaMethod().getAnnotation(Item.class))
                .orElse(null);
        return FilterResult.includedIf(item != null && options.wants(item.value()));
    }

    private Path details(Findings findings) throws IOException {
        Path file = Files.createDirectories(Path.of("target/conformance"))
                .resolve(options.results().getFileName() + ".log");
        List<String> blocks = findings.failures().stream()
                .map(failure -> failure.title() + "\n" + failure.detail() + "\n")
                .toList();
        return Files.write(file, blocks);
    }

    private int judge(Report report) throws IOException {
        List<String> forbidden = report.failures(options.failOn());
        if (!forbidden.isEmpty()) {
            out.println("Failed at a level of tus.fail-on: " + String.join(", ", forbidden));
        }
        List<String> surprises = List.of();
        if (options.expected().isPresent()) {
            surprises = report.differences(ServerResult.read(options.expected().get()));
            surprises.forEach(line -> out.println("Not as expected: " + line));
        }
        return forbidden.isEmpty() && surprises.isEmpty() ? 0 : 1;
    }
}
