package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.config.ConfigException;
import dev.weir.config.Location;
import dev.weir.config.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All flows of a node, read from their files and without problems. Immutable. */
public final class Flows {
    /** No flows. */
    public static final Flows NONE = new Flows(List.of());

    private final List<FlowSpec> all;

    private Flows(List<FlowSpec> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Reads every {@code .yaml} file of a folder, in the order of their names. Blocking.
     *
     * @param folder as the user named it, for problems; one that does not exist has no flows
     * @param resolved where it is
     * @param policies what may be read and emitted to
     */
    public static Flows read(String folder, Path resolved, Vocabulary words, Policies policies, Problems problems) {
        if (!Files.isDirectory(resolved)) {
            return NONE;
        }
        List<FlowSpec> found = new ArrayList<>();
        Map<String, Location> names = new HashMap<>();
        for (Path file : files(folder, resolved, problems)) {
            String label = Path.of(folder).resolve(file.getFileName()).toString();
            FlowSpec spec = read(label, file, words, problems);
            if (spec == null) {
                continue;
            }
            Location other = names.putIfAbsent(spec.name(), spec.at());
            if (other != null) {
                problems.add(spec.at(), "there is another flow '" + spec.name() + "', " + other, "rename one of them");
            }
            found.add(spec);
        }
        FlowLints.check(found, policies, problems);
        return new Flows(found);
    }

    private static @Nullable FlowSpec read(String label, Path file, Vocabulary words, Problems problems) {
        try {
            return new FlowReader(words).read(label, Files.readString(file, StandardCharsets.UTF_8), problems);
        } catch (IOException unreadable) {
            problems.add(
                    new Location(label, 0),
                    "cannot be read: " + unreadable.getMessage(),
                    "make it readable, as UTF-8 text, or move it away");
            return null;
        }
    }

    private static List<Path> files(String folder, Path resolved, Problems problems) {
        try (Stream<Path> listed = Files.list(resolved)) {
            return listed.filter(file -> file.getFileName().toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            problems.add(
                    new Location(folder, 0),
                    "cannot be listed: " + unreadable.getMessage(),
                    "make the folder readable");
            return List.of();
        }
    }

    List<FlowSpec> all() {
        return all;
    }

    /** The flow of that name; null when there is none. */
    @Nullable
    FlowSpec find(String name) {
        return all.stream().filter(flow -> flow.name().equals(name)).findFirst().orElse(null);
    }

    /**
     * Reads a file that might take the place of one of these, or come beside them; these stay as they are.
     *
     * @throws ConfigException with every problem that there would be then
     */
    FlowSpec candidate(String label, String text, Vocabulary words, Policies policies) {
        Problems problems = new Problems();
        FlowSpec spec = new FlowReader(words).read(label, text, problems);
        if (spec != null) {
            List<FlowSpec> beside = new ArrayList<>(all);
            beside.removeIf(flow -> flow.name().equals(spec.name()));
            beside.add(spec);
            FlowLints.check(beside, policies, problems);
        }
        problems.throwIfAny();
        return Objects.requireNonNull(spec, "a file without problems");
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The names, in the order of the files. */
    public List<String> names() {
        return all.stream().map(FlowSpec::name).toList();
    }

    /**
     * One test of a flow's file and what became of it.
     *
     * @param problems empty when it passed
     */
    public record Tested(String flow, String test, Location at, List<String> problems) {
        /** Copies what it is given. */
        public Tested {
            problems = List.copyOf(problems);
        }
    }

    /** Runs the tests of all files on a virtual clock; nothing outside is reached. */
    public List<Tested> test() {
        List<Tested> results = new ArrayList<>();
        for (FlowSpec flow : all) {
            FlowTester.run(flow)
                    .forEach(result -> results.add(new Tested(
                            flow.name(), result.test().name(), result.test().at(), result.problems())));
        }
        return results;
    }

    /** What is good to know of them and no problem, for {@code weir check}: one line each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (FlowSpec flow : all) {
            StageSpec together = flow.together();
            if (together != null && flow.from().stream().allMatch(InputSpec::isAddress)) {
                String by = String.valueOf(together.key());
                notes.add(together.at() + ": flow " + flow.name() + " runs on one node at a time, since '"
                        + together.id()
                        + "' groups " + (by.isEmpty() ? "everything together" : "by " + by) + ", which is not the key "
                        + (flow.key() == null ? "event.key" : flow.key().text()) + " with which its events come");
            }
            if (flow.tests().isEmpty()) {
                notes.add(flow.at() + ": flow " + flow.name() + " has no tests");
            }
        }
        return notes;
    }

    /**
     * A flow that reads an address with keep, so that what it does must be kept too.
     *
     * @param at where it says so
     */
    public record Needing(String flow, String address, Location at) {}

    /** Flows that cannot run where nothing keeps what flows do, but those that say that they are left out there. */
    public List<Needing> needing(Policies policies) {
        List<Needing> found = new ArrayList<>();
        for (FlowSpec flow : all) {
            flow.from().stream()
                    .filter(input -> !flow.skips() && input.isAddress() && isKept(input.name(), policies))
                    .findFirst()
                    .ifPresent(input -> found.add(new Needing(flow.name(), input.name(), input.at())));
        }
        return found;
    }

    private static boolean isKept(String name, Policies policies) {
        return (Addresses.isPattern(name) ? policies.ofPattern(name) : policies.of(name))
                .map(Policy::isJournaled)
                .orElse(false);
    }

    /**
     * A flow's file.
     *
     * @param file as the user named it
     */
    public record Source(String name, String file, String text) {}

    /** All files. */
    public List<Source> sources() {
        return all.stream()
                .map(flow -> new Source(flow.name(), flow.at().file(), flow.text()))
                .toList();
    }

    /**
     * What would be forgotten of what is kept, one line for each stage.
     *
     * @param remembered of how many keys something is kept, by flow and by the name of the state
     */
    public List<String> losses(Map<String, Map<String, Long>> remembered) {
        List<String> lines = new ArrayList<>();
        for (FlowSpec flow : all) {
            StageMemory.losses(flow, remembered.getOrDefault(flow.name(), Map.of()))
                    .forEach(loss -> lines.add(loss.at() + ": flow " + flow.name() + ": " + loss));
        }
        return lines;
    }

    /** Which addresses each flow reads, by its name. */
    public Map<String, Set<String>> reads() {
        Map<String, Set<String>> reads = new HashMap<>();
        all.forEach(flow -> reads.put(
                flow.name(),
                flow.from().stream()
                        .filter(InputSpec::isAddress)
                        .map(InputSpec::name)
                        .collect(Collectors.toUnmodifiableSet())));
        return reads;
    }

    /** What nodes of a cluster must have in common. */
    public String digest() {
        StringBuilder text = new StringBuilder();
        all.forEach(flow -> text.append(flow.name()).append(flow.digest()));
        return FlowReading.digest(text.toString());
    }
}
