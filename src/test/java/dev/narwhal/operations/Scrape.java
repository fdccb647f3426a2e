package dev.narwhal.operations;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What {@code /actuator/prometheus} says at one moment. */
record Scrape(String text) {

    private static final Pattern TYPE = Pattern.compile("^# TYPE (narwhal_\\S+) (\\S+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    static Scrape of(URI root) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(root.resolve("/actuator/prometheus")).build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("The scrape was answered " + answer.statusCode());
            }
            return new Scrape(answer.body());
        }
    }

    /** The value of a sample, such as {@code narwhal_bodies_active}, with its labels as they are exported. */
    double value(String sample) {
        return text.lines()
                .filter(line -> line.startsWith(sample + " "))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no " + sample + " in\n" + text));
    }

    /** Our own meters: name, then type and labels. */
    Map<String, String> meters() {
        Map<String, String> meters = new TreeMap<>();
        TYPE.matcher(text).results().forEach(type -> meters.put(type.group(1), type.group(2) + " " + labels(type)));
        return meters;
    }

    private Set<String> labels(MatchResult type) {
        Set<String> labels = new TreeSet<>();
        Pattern samples = Pattern.compile("^" + type.group(1) + "(_bucket|_sum|_count)?\\{(.*)} ", Pattern.MULTILINE);
        samples.matcher(text)
                .results()
                .forEach(sample ->
                        LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1))));
        labels.remove("le");
        return labels;
    }
}
