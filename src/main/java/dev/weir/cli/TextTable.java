package dev.weir.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under heads, in columns as wide as they must be; what looks like a number stands to the right. Not thread-safe. */
final class TextTable {
    private static final int WIDEST = 40;
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... heads) {
        rows.add(heads);
    }

    /** Control characters, which a terminal would obey, are shown as dots. */
    void row(String... cells) {
        String[] safe = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            String text = cells[i].replaceAll("\\p{Cntrl}", ".");
            safe[i] = text.length() > WIDEST ? text.substring(0, WIDEST - 1) + "…" : text;
        }
        rows.add(safe);
    }

    List<String> lines() {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths[i] =
                    rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
            right[i] = rows.stream().skip(1).allMatch(row -> row[column].matches("-|[0-9.]+"));
        }
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String pad = " ".repeat(widths[i] - row[i].length());
                line.append(right[i] ? pad + row[i] : row[i] + pad).append(GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
