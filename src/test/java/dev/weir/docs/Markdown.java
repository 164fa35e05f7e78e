package dev.weir.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pages that users read, taken apart for tests. What a fence says decides what happens to its block: {@code yaml} is a
 * configuration of Weir and must load, {@code sh} is run against a node of the demo; {@code yml} and {@code shell} look the same to
 * readers and are left alone.
 */
final class Markdown {
    private static final Pattern FENCE = Pattern.compile("^( *)```(.*)$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /**
     * Some code of a page.
     *
     * @param info what the fence says; {@code indented} for a block without a fence, {@code inline} for code in a sentence
     */
    record Code(Path page, int line, String info, String text) {
        @Override
        public String toString() {
            return page + ":" + line;
        }
    }

    private final Path page;
    private final List<Code> found = new ArrayList<>();

    private Markdown(Path page) {
        this.page = page;
    }

    /** README.md and everything below docs/. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    /** All code of all pages. */
    static List<Code> code() throws IOException {
        List<Code> all = new ArrayList<>();
        for (Path page : pages()) {
            all.addAll(code(page));
        }
        return all;
    }

    /** All code of one page, in order. */
    static List<Code> code(Path page) throws IOException {
        Markdown markdown = new Markdown(page);
        markdown.read(Files.readAllLines(page));
        return markdown.found;
    }

    private void read(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                i = fenced(lines, i, fence.group(1).length(), fence.group(2).trim());
            } else if (lines.get(i).startsWith("    ")
                    && (i == 0 || lines.get(i - 1).isBlank())) {
                found.add(new Code(page, i + 1, "indented", lines.get(i).strip()));
            } else {
                inline(lines.get(i), i + 1);
            }
        }
    }

    private int fenced(List<String> lines, int from, int indent, String info) {
        StringBuilder text = new StringBuilder();
        int i = from + 1;
        for (; i < lines.size() && !lines.get(i).strip().equals("```"); i++) {
            text.append(lines.get(i).isBlank() ? "" : lines.get(i).substring(indent))
                    .append('\n');
        }
        found.add(new Code(page, from + 2, info, text.toString()));
        return i;
    }

    private void inline(String line, int number) {
        CODE.matcher(line).results().forEach(code -> found.add(new Code(page, number, "inline", code.group(1))));
    }
}
