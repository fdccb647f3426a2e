package dev.narwhal.doctor;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.json.JsonWriter;

/** All findings, as text and as JSON. */
record Report(Version version, List<Finding> findings) {

    private static final JsonWriter<Report> REPORT = JsonWriter.of(report -> {
        report.add("version", one -> one.version().narwhal());
        report.add("commit", one -> one.version().commit());
        report.add("verdict", one -> one.worst().name());
        report.add("checks", Report::findings)
                .as(findings -> findings.stream().map(Report::members).toList());
    });

    Report {
        findings = List.copyOf(findings);
    }

    private static Map<String, String> members(Finding finding) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("check", finding.check());
        members.put("verdict", finding.verdict().name());
        members.put("text", finding.text());
        if (finding.remedy() != null) {
            members.put("remedy", finding.remedy());
        }
        return members;
    }

    Verdict worst() {
        return findings.stream()
                .map(Finding::verdict)
                .max(Comparator.naturalOrder())
                .orElse(Verdict.OK);
    }

    String json() {
        return REPORT.withNewLineAtEnd().writeToString(this);
    }

    String text() {
        int width = findings.stream()
                .mapToInt(finding -> finding.check().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder("Narwhal " + version.narwhal() + " doctor\n\n");
        for (Finding finding : findings) {
            text.append("  ").append(padded(finding.verdict().name(), 4));
            text.append("  ").append(padded(finding.check(), width));
            text.append("  ").append(finding.text()).append('\n');
            if (finding.remedy() != null) {
                text.append(" ".repeat(width + 10))
                        .append("-> ")
                        .append(finding.remedy())
                        .append('\n');
            }
        }
        return text.append('\n').append(verdict()).append('\n').toString();
    }

    private String verdict() {
        return switch (worst()) {
            case OK -> "All is well: " + findings.size() + " checks.";
            case WARN -> "It works, with " + counted(Verdict.WARN, "warning") + ".";
            case FAIL ->
                "It does not work: " + counted(Verdict.FAIL, "failure") + ", " + counted(Verdict.WARN, "warning") + ".";
        };
    }

    private String counted(Verdict verdict, String what) {
        long count = findings.stream()
                .filter(finding -> finding.verdict() == verdict)
                .count();
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
