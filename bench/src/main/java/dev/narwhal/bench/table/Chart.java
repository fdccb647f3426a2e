package dev.narwhal.bench.table;

import dev.narwhal.bench.server.Candidates;
import java.util.List;

/** A row as bars, one a server: the median, and a line from the least to the most of its runs. */
final class Chart {

    private static final int WIDTH = 640;
    private static final int LABELS = 110;
    private static final int BARS = 400;
    private static final int LINE = 26;
    private static final int TOP = 34;

    private final Results.Measured row;
    private final double most;

    private Chart(Results.Measured row) {
        this.row = row;
        this.most = row.runs().values().stream()
                .flatMap(List::stream)
                .mapToDouble(Figures::rate)
                .max()
                .orElse(1);
    }

    /** @return SVG */
    static String of(Results.Measured row) {
        return new Chart(row).svg();
    }

    private String svg() {
        List<String> candidates = MarkdownTable.inOrder(row);
        int height = TOP + LINE * candidates.size() + 6;
        StringBuilder svg = new StringBuilder(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                <text x="8" y="20" font-weight="bold">%s: %s (%s, %s is better)</text>
                """.formatted(WIDTH, height, row.id(), row.title(), row.unit(), row.more() ? "more" : "less"));
        for (int i = 0; i < candidates.size(); i++) {
            bar(svg, candidates.get(i), TOP + i * LINE);
        }
        return svg.append("</svg>\n").toString();
    }

    private void bar(StringBuilder svg, String candidate, int y) {
        List<Figures> runs = row.runs().get(candidate);
        double median = Medians.rate(runs);
        svg.append("""
                <text x="%d" y="%d" text-anchor="end">%s</text>
                <rect x="%d" y="%d" width="%d" height="18" fill="%s"/>
                <line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#333333"/>
                <text x="%d" y="%d">%s</text>
                """.formatted(
                LABELS - 8,
                y + 14,
                candidate,
                LABELS,
                y,
                length(median),
                color(candidate),
                LABELS + length(runs.stream().mapToDouble(Figures::rate).min().orElse(0)),
                y + 9,
                LABELS + length(runs.stream().mapToDouble(Figures::rate).max().orElse(0)),
                y + 9,
                LABELS + BARS + 12,
                y + 14,
                MarkdownTable.number(median)));
    }

    private long length(double value) {
        return Math.max(1, Math.round(value / most * BARS));
    }

    private static String color(String candidate) {
        return switch (candidate) {
            case Candidates.NARWHAL, Candidates.DISTRIBUTION -> "#1f6f8b";
            case Candidates.LIMIT, Candidates.DD, Candidates.PLAIN, Candidates.EMPTY, Candidates.FIRST -> "#c8c8c8";
            default -> "#9fb8ad";
        };
    }
}
