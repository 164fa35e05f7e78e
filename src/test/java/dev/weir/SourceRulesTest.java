package dev.weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the house that only the source text shows. */
class SourceRulesTest {
    private static final Path MAIN = Path.of("src/main/java/dev/weir");
    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 40;
    private static final Pattern METHOD_START =
            Pattern.compile("^    (?! )(?!return |throw |new )[\\w<>\\[\\]?,.@ ]* [\\w<>\\[\\]]+ ?\\w+\\(");

    @Test
    void filesAreShort() throws IOException {
        assertThat(violations("src", file -> true, (line, number) -> number > FILE_LINES))
                .isEmpty();
    }

    @Test
    void methodsAreShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : files(Path.of("src/main/java"))) {
            List<String> lines = Files.readAllLines(file);
            int start = -1;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (METHOD_START.matcher(line).find()
                        && !line.contains(" class ")
                        && !line.contains(" record ")
                        && !line.contains(" enum ")
                        && !line.contains(" interface ")) {
                    start = start < 0 ? i : start;
                } else if (line.equals("    }") || line.startsWith("    }")) {
                    if (start >= 0 && i - start + 1 > METHOD_LINES) {
                        tooLong.add(file + ":" + (start + 1) + " has " + (i - start + 1) + " lines");
                    }
                    start = -1;
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void timeComesFromOnePackage() throws IOException {
        Pattern clocks = Pattern.compile(
                "\\.setTimer\\(|\\.setPeriodic\\(|currentTimeMillis|nanoTime|Instant\\.now|LocalDateTime\\.now|LocalDate\\.now");
        assertThat(violations("src/main/java", file -> !in(file, "time"), (line, n) -> clocks.matcher(line)
                        .find()))
                .isEmpty();
    }

    @Test
    void nothingBlocksOutsideItsPlaces() throws IOException {
        Pattern blocking = Pattern.compile(
                "\\bsynchronized\\b|new Thread\\(|ReentrantLock|Executors\\.|\\.await\\(|CountDownLatch|\\bThread\\.sleep");
        Predicate<Path> elsewhere = file -> !in(file, "node")
                && !in(file, "cli")
                && !in(file, "journal")
                && !in(file, "script")
                && !in(file, "junit");
        assertThat(violations(
                        "src/main/java",
                        elsewhere,
                        (line, n) -> !line.trim().startsWith("*")
                                && blocking.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void namesOfSystemAddressesStandInOnePlace() throws IOException {
        Pattern literal = Pattern.compile("\"(__weir\\.|weir\\.(sessions|audit|node|dead-letters|breaker))");
        assertThat(violations(
                        "src/main/java", file -> !file.endsWith("Addresses.java"), (line, n) -> literal.matcher(line)
                                .find()))
                .isEmpty();
    }

    private interface LineRule {
        boolean breaks(String line, int number);
    }

    private static List<String> violations(String root, Predicate<Path> chosen, LineRule rule) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(Path.of(root))) {
            if (!chosen.test(file)) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (rule.breaks(lines.get(i), i + 1)) {
                    found.add(file + ":" + (i + 1) + " " + lines.get(i).trim());
                }
            }
        }
        return found;
    }

    private static boolean in(Path file, String part) {
        return file.startsWith(MAIN.resolve(part));
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
