package dev.weir.cli;

import dev.weir.bus.Policies;
import dev.weir.bus.PolicyCompiler;
import dev.weir.config.Config;
import dev.weir.config.JournalConfig;
import dev.weir.config.LoadedConfig;
import dev.weir.journal.JournalException;
import dev.weir.journal.sql.JournalStore;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code weir journal ...}: the journal itself, past any node. What writes to a SQLite journal needs its node stopped. */
final class JournalCommands {
    private static final Set<String> CONF = Set.of("conf");

    private final Map<String, String> env;
    private final InputStream in;
    private final PrintStream out;

    JournalCommands(Map<String, String> env, InputStream in, PrintStream out) {
        this.env = env;
        this.in = in;
        this.out = out;
    }

    private interface Work {
        int run(JournalPlace place) throws JournalException, IOException;
    }

    int journal(List<String> given) throws IOException {
        List<String> rest = new ArrayList<>(given);
        String verb = rest.isEmpty() ? "" : rest.remove(0);
        return switch (verb) {
            case "stat" -> stat(new Arguments(rest, CONF));
            case "export" -> export(new Arguments(rest, Set.of("conf", "after", "before")));
            case "import" -> restore(new Arguments(rest, Set.of("conf", "replace")));
            case "verify" -> verify(new Arguments(rest, CONF));
            case "trim" -> trim(new Arguments(rest, Set.of("conf", "to")));
            case "backup" -> backup(new Arguments(rest, CONF));
            default -> throw new UsageException("expected one of stat, export, import, verify, trim, backup");
        };
    }

    private int with(Arguments arguments, Work work) throws IOException {
        List<Policies> compiled = new ArrayList<>(1);
        Path file = Config.find(arguments.option("conf").orElse(null), env);
        LoadedConfig loaded = Config.load(
                file,
                env,
                (values, problems) ->
                        compiled.add(new PolicyCompiler(values.home(), problems).compile(values.config())));
        JournalConfig config = loaded.config().journal();
        if (config.engine() == JournalConfig.Engine.HAZELCAST) {
            throw new IOException(
                    "journal.engine is hazelcast: the events are in the memory of the running nodes; read them"
                            + " from one, with GET /v1/addresses/ADDRESS/events");
        }
        try {
            return work.run(new JournalPlace(config, loaded.resolve(config.path()), compiled.get(0)));
        } catch (JournalException e) {
            throw new IOException(e.getMessage() + (e.mend() == null ? "" : "; " + e.mend()), e);
        }
    }

    private int stat(Arguments arguments) throws IOException {
        arguments.noWords();
        return with(arguments, place -> {
            try (JournalStore store = place.open()) {
                store.logs()
                        .forEach(log -> out.println(new JsonObject()
                                .put("address", log.address())
                                .put("epoch", log.epoch())
                                .put("head", log.head())
                                .put("floor", log.floor())
                                .put("events", log.events())
                                .put("bytes", log.bytes())
                                .put(
                                        "newest",
                                        Instant.ofEpochMilli(log.appendedMillis())
                                                .toString())
                                .put("latest", log.latest())
                                .encode()));
            }
            return ExitCode.OK;
        });
    }

    private int export(Arguments arguments) throws IOException {
        List<String> wanted = arguments.words();
        Optional<Instant> after = Moment.option(arguments, "after");
        Optional<Instant> before = Moment.option(arguments, "before");
        return with(arguments, place -> {
            try (JournalStore store = place.open()) {
                Set<String> missing = new HashSet<>(wanted);
                for (JournalStore.Log log : store.logs()) {
                    missing.remove(log.address());
                    if (wanted.isEmpty() || wanted.contains(log.address())) {
                        store.events(
                                log,
                                after.map(Instant::toEpochMilli),
                                before.map(Instant::toEpochMilli),
                                (offset, appended, event) -> Output.line(
                                        out,
                                        JournalLines.write(log, offset, appended, event)
                                                .encode()));
                    }
                }
                if (!missing.isEmpty()) {
                    throw new IOException("nothing was ever kept of " + String.join(", ", missing));
                }
            }
            return ExitCode.OK;
        });
    }

    private int restore(Arguments arguments) throws IOException {
        Set<String> replace = Set.copyOf(arguments.all("replace"));
        arguments.noWords();
        return with(arguments, place -> {
            out.println("imported " + new JournalImport(place, replace).run(in) + " events");
            return ExitCode.OK;
        });
    }

    private int verify(Arguments arguments) throws IOException {
        arguments.noWords();
        return with(arguments, place -> {
            try (JournalStore store = place.open()) {
                List<String> wrong = store.verify();
                wrong.forEach(out::println);
                if (wrong.isEmpty()) {
                    out.println("good, " + store.logs().size() + " logs");
                }
                return wrong.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
            }
        });
    }

    private int trim(Arguments arguments) throws IOException {
        String address = arguments.word("an address");
        long to = offset(arguments.option("to").orElseThrow(() -> new UsageException("--to OFFSET is needed")));
        return with(arguments, place -> place.alone(() -> trim(place, address, to)));
    }

    private int trim(JournalPlace place, String address, long to) throws IOException, JournalException {
        try (JournalStore store = place.open()) {
            JournalStore.Log log = store.logs().stream()
                    .filter(each -> each.address().equals(address))
                    .findFirst()
                    .orElseThrow(() -> new IOException("nothing was ever kept of " + address));
            if (log.latest() || to > log.head()) {
                throw new IOException(
                        log.latest()
                                ? address + " keeps the newest of each key; publish null to delete a key"
                                : "the newest offset of " + address + " is " + log.head());
            }
            store.trim(log, to);
            out.println(address + ": events up to " + Math.max(to, log.floor()) + " are gone");
            return ExitCode.OK;
        }
    }

    private static long offset(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new UsageException("--to is a whole number, an offset");
        }
    }

    private int backup(Arguments arguments) throws IOException {
        Path to = Path.of(arguments.word("a file")).toAbsolutePath();
        return with(arguments, place -> {
            try (JournalStore store = place.open()) {
                store.backup(to);
                out.println("copied to " + to);
                return ExitCode.OK;
            }
        });
    }
}
