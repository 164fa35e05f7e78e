package dev.weir.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes {@code docs/configuration.md} from the records and their annotations, so that it cannot be wrong. Stateless. */
public final class ConfigReference {
    private static final String INTRO = """
            # Configuration

            <!-- Generated from the records in dev.weir.config; run mvn test -Dtest=GeneratedDocsTest -Dregenerate=true -->

            Weir reads `conf/weir.yaml`, or the file that `--conf` or `WEIR_CONF` names. Every key has a default or is optional, so an
            empty file is a complete configuration: nothing is open. `weir check` lists every problem with file, line and mend;
            `weir config` shows every effective value with its origin. [weir.schema.json](weir.schema.json) lets editors complete and check the file.

            * **Durations** are a number and `ms`, `s`, `m`, `h` or `d`: `200ms`, `1.5s`, `7d`.
            * **Sizes** are a number and `B`, `KiB`, `MiB`, `GiB` (or decimal `kB`, `MB`, `GB`): `64KiB`. A bare number counts bytes.
            * **Rates** are a number per `s`, `m` or `h`: `20/s`.
            * **Paths** that are relative resolve against `WEIR_HOME`, by default the folder that holds `conf/`.
            * **Environment**: every single value and every list of texts has a variable, which wins over the file: `http.session-queue` is
              `WEIR_HTTP_SESSION_QUEUE`. Lists are separated by commas. With `_FILE` behind it, as in
              `WEIR_AUTH_JWT_SECRET_FILE`, the variable names a file that holds the value. An unknown `WEIR_*` variable is a problem.
              `WEIR_HOME`, `WEIR_CONF`, `WEIR_URL`, `WEIR_TOKEN`, `WEIR_OPTS` and `WEIR_JAVA` belong to the commands.
            * Nothing is substituted inside the file: a value with `${` in it is a problem that names the variable to set.
            * YAML is version 1.2: `yes` and `on` are text. Anchors, aliases and merge keys work; duplicate keys and tags are problems.

            A configuration with problems is refused as a whole, with exit code 2.
            """;

    private ConfigReference() {}

    /**
     * The whole page.
     *
     * @param more further sections in Markdown, such as the options of each kind of source
     */
    public static String markdown(List<String> more) {
        List<String> sections = new ArrayList<>(List.of(INTRO));
        for (Key key : Key.of(WeirConfig.class)) {
            if (Key.isSection(key.element())) {
                section(key.name() + (key.type() == List.class ? "[]" : ""), key.doc(), key.element(), sections);
            } else {
                sections.add("## `" + key.name() + "`\n\n" + key.doc()
                        + "\n\nEach item is one kind with its options and `to`, the address its events go to:\n\n"
                        + "```yaml\nsources:\n  - timer: {every: 1s, to: ticks}\n```\n\n"
                        + "[sources.md](sources.md) has every kind and its options.\n");
            }
        }
        sections.addAll(more);
        return String.join("\n", sections);
    }

    private static void section(String path, String doc, Class<?> type, List<String> sections) {
        String rows = Key.of(type).stream()
                .filter(key -> !Key.isSection(key.element()))
                .map(key -> row(path, key))
                .collect(Collectors.joining());
        sections.add("## `" + path + "`\n\n" + doc
                + "\n\n| key | type | default | variable | meaning |\n|---|---|---|---|---|\n" + rows);
        for (Key key : Key.of(type)) {
            if (Key.isSection(key.element())) {
                section(path + "." + key.name(), key.doc(), key.element(), sections);
            }
        }
    }

    private static String row(String path, Key key) {
        String variable = key.hasVariable() && !path.contains("[") ? code(Key.variable(path + "." + key.name())) : "";
        String example = key.example().isEmpty() ? "" : " Example: " + code(key.example());
        return "| " + String.join(" | ", code(key.name()), type(key), defaultOf(key), variable, key.doc() + example)
                + " |\n";
    }

    private static String type(Key key) {
        String kind =
                key.isRaw() ? (key.type() == RawValue.class ? "see meaning" : "a map") : Kinds.name(key.element());
        Range range = key.range();
        String bounds =
                range == null ? "" : ", " + Ranges.bounds(key.element(), range).replace("a value ", "");
        return (key.type() == List.class ? "a list of " + kind : kind) + bounds;
    }

    private static String defaultOf(Key key) {
        String text = key.defaultText();
        if (text != null) {
            return code(text);
        }
        return key.required() ? "**required**" : "none";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
