package dev.weir.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads one YAML 1.2 document into {@link Yaml}. Duplicate keys, tags and further documents are problems; anchors,
 * aliases and merge keys are allowed. One per file; not thread-safe.
 */
final class YamlReader {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NODES = 100_000;
    private static final String REPEATED = "aliases make more than ";

    private final String file;
    private final Problems problems;
    private int nodes;

    YamlReader(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The document, or null when it is empty or no YAML (then there is a problem). */
    @Nullable
    Yaml read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new CoreSchema())
                .setAllowRecursiveKeys(true)
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(MAX_NODES)
                .build();
        try {
            String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
            checkDepth(settings, body);
            Iterator<Node> documents =
                    new Compose(settings).composeAllFromString(body).iterator();
            Yaml first = documents.hasNext() ? convert(documents.next(), 0) : null;
            if (documents.hasNext()) {
                problems.add(
                        at(documents.next().getStartMark()),
                        "a second YAML document begins here",
                        "keep one document per file, without ---");
            }
            return first == null || Yaml.isNothing(first) ? null : first;
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().isPresent() ? e.getProblemMark() : e.getContextMark();
            problems.add(at(mark), "not valid YAML: " + e.getProblem(), syntaxMend(e.getProblem()));
        } catch (ReaderException e) {
            int line = 1
                    + (int) text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            problems.add(
                    new Location(file, line),
                    String.format("not valid YAML: the character U+%04X", e.getCodePoint()),
                    "take it out; was the file damaged, or saved in another encoding than UTF-8?");
        } catch (YamlEngineException e) {
            problems.add(new Location(file, 0), "not valid YAML: " + e.getMessage(), "look for what is unusual in it");
        }
        return null;
    }

    /** Before anything descends into it: what nests without end would overflow the stack. */
    private static void checkDepth(LoadSettings settings, String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw tooDeep(event.getStartMark());
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private static ComposerException tooDeep(Optional<Mark> mark) {
        return new ComposerException("lists and maps in each other, deeper than " + MAX_DEPTH + " levels", mark);
    }

    private static String syntaxMend(String problem) {
        if (problem.startsWith(REPEATED)) {
            return "write what is meant without repeating it with & and *";
        }
        if (problem.startsWith("lists and maps")) {
            return "no key is that deep; take brackets, or a * that repeats what it stands in, out";
        }
        if (problem.contains("TAB") || problem.contains("'\\t'")) {
            return "indent with spaces, never with tabs";
        }
        if (problem.contains("alias") || problem.contains("cannot start any token")) {
            return "put quotes around values that begin with * & ! % @ or `";
        }
        return "check the indentation; put quotes around values that contain ': ', ' #' or, between { and }, braces and commas";
    }

    private Yaml convert(Node node, int depth) {
        Location at = at(node.getStartMark());
        if (depth > MAX_DEPTH) {
            throw tooDeep(node.getStartMark());
        }
        if (++nodes > MAX_NODES) {
            throw new ComposerException(REPEATED + MAX_NODES + " values", node.getStartMark());
        }
        if (node instanceof MappingNode map) {
            return fields(map, depth, at);
        }
        if (node instanceof SequenceNode list) {
            List<Yaml> items = new ArrayList<>();
            for (Node item : list.getValue()) {
                items.add(convert(item, depth + 1));
            }
            return new Yaml.Items(items, at);
        }
        return scalar((ScalarNode) node, at);
    }

    private Yaml.Fields fields(MappingNode map, int depth, Location at) {
        Map<String, Yaml.Field> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Location keyAt = at(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problems.add(keyAt, "a list or map used as a key", "put quotes around it if it is meant as text");
                continue;
            }
            String key = keyNode.getValue();
            Yaml.Field earlier = fields.get(key);
            if (earlier != null) {
                problems.add(
                        keyAt,
                        "duplicate key '" + key + "', first on line "
                                + earlier.keyAt().line(),
                        "keep one of them");
            } else {
                fields.put(key, new Yaml.Field(keyAt, convert(tuple.getValueNode(), depth + 1)));
            }
        }
        return new Yaml.Fields(fields, at);
    }

    private Yaml.Scalar scalar(ScalarNode node, Location at) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (!node.isPlain() && tag.equals(Tag.STR)) {
            return new Yaml.Scalar(text, Yaml.Kind.QUOTED, at);
        }
        if (tag.equals(Tag.INT)) {
            return new Yaml.Scalar(text, Yaml.Kind.WHOLE, at);
        }
        if (tag.equals(Tag.FLOAT)) {
            return new Yaml.Scalar(text, Yaml.Kind.DECIMAL, at);
        }
        if (tag.equals(Tag.BOOL)) {
            return new Yaml.Scalar(text, Yaml.Kind.BOOL, at);
        }
        if (tag.equals(Tag.NULL)) {
            return new Yaml.Scalar(text, Yaml.Kind.NOTHING, at);
        }
        if (!tag.equals(Tag.STR)) {
            problems.add(at, "the tag " + tag.getValue() + " has no meaning here", "write the value without a tag");
        }
        return new Yaml.Scalar(text, Yaml.Kind.TEXT, at);
    }

    private Location at(Optional<Mark> mark) {
        return new Location(file, mark.map(m -> m.getLine() + 1).orElse(0));
    }
}
