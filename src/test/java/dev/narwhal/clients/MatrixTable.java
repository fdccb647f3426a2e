package dev.narwhal.clients;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The generated part of {@code docs/clients.md}: which client was seen to do what. */
final class MatrixTable {

    /** What a cell says. */
    enum Outcome {
        OK,
        FAILED,
        CANNOT,
        SKIPPED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final List<Client> clients;
    private final Map<Client, Map<Scenario, Outcome>> outcomes = new LinkedHashMap<>();

    MatrixTable(List<Client> clients) {
        this.clients = clients;
    }

    void set(Client client, Scenario scenario, Outcome outcome) {
        row(client).put(scenario, outcome);
    }

    private Map<Scenario, Outcome> row(Client client) {
        return outcomes.computeIfAbsent(client, added -> new EnumMap<>(Scenario.class));
    }

    /** Cells that were not run on this machine, or that this server does not offer, as an earlier run has seen them. */
    MatrixTable filledFrom(String page) {
        MatrixTable filled = new MatrixTable(clients);
        for (Client client : clients) {
            for (Scenario scenario : Scenario.values()) {
                Outcome seen = row(client).getOrDefault(scenario, Outcome.SKIPPED);
                filled.set(client, scenario, seen == Outcome.SKIPPED ? cell(page, client, scenario) : seen);
            }
        }
        return filled;
    }

    private static Outcome cell(String page, Client client, Scenario scenario) {
        List<String> lines = page.lines()
                .dropWhile(line -> !line.equals("### " + scenario.group().title()))
                .skip(1)
                .takeWhile(line -> !line.startsWith("### "))
                .toList();
        int column = columns(lines, "client").indexOf(scenario.title());
        List<String> cells = columns(lines, client.name());
        String text =
                column < 0 || column >= cells.size() ? "" : cells.get(column).replace("*", "");
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome.text().equals(text))
                .findFirst()
                .orElse(Outcome.SKIPPED);
    }

    /** The cells of the row that begins so, that one not among them. */
    private static List<String> columns(List<String> lines, String head) {
        String beginning = "| " + head + " | ";
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .map(line -> Arrays.stream(line.substring(beginning.length()).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .orElse(List.of());
    }

    String render() {
        StringBuilder text = new StringBuilder();
        for (Scenario.Group group : Scenario.Group.values()) {
            List<Scenario> columns = scenarios(group);
            text.append("\n### ").append(group.title()).append("\n\n");
            text.append(line("client", columns.stream().map(Scenario::title).toList()));
            text.append(line("---", columns.stream().map(column -> "---").toList()));
            clients.forEach(client -> text.append(line(
                    client.name(),
                    columns.stream().map(column -> cell(client, column)).toList())));
        }
        return text.append("\n### Remarks\n\n")
                .append(clients.stream().map(MatrixTable::remarks).collect(joining()))
                .append('\n')
                .toString();
    }

    private String cell(Client client, Scenario scenario) {
        Outcome outcome = row(client).getOrDefault(scenario, Outcome.SKIPPED);
        boolean remarked = outcome == Outcome.OK && client.remarks().containsKey(scenario);
        return outcome.text() + (remarked ? "*" : "");
    }

    private static String line(String head, List<String> cells) {
        return "| " + head + " | " + String.join(" | ", cells) + " |\n";
    }

    /** One line for each reason, with all the scenarios that it stands for. */
    private static String remarks(Client client) {
        Map<Scenario, String> all = new TreeMap<>(client.remarks());
        all.putAll(client.cannot());
        Map<String, String> scenarios = new LinkedHashMap<>();
        all.forEach(
                (scenario, text) -> scenarios.merge(text, scenario.title(), (titles, title) -> titles + "; " + title));
        return scenarios.entrySet().stream()
                .map(entry -> "- " + client.name() + " (" + entry.getValue() + "): " + entry.getKey() + ".\n")
                .collect(joining());
    }

    private static List<Scenario> scenarios(Scenario.Group group) {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> scenario.group() == group)
                .toList();
    }
}
