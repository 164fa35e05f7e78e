package dev.weir.cli;

import dev.weir.journal.Append;
import dev.weir.journal.Engine;
import dev.weir.journal.EventRow;
import dev.weir.journal.JournalException;
import dev.weir.journal.sql.JournalStore;
import dev.weir.time.Clock;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code weir journal import}: keeps events anew, all of them or none. What comes is set aside and looked through, and put into logs of
 * their own, which take their addresses at the end: with a mistake in any line, or a disk that gets full, everything stays as it is.
 * Used once, by the main thread.
 */
final class JournalImport {
    private static final int BATCH = 1_000;

    private final JournalPlace place;
    private final Set<String> replace;
    private final List<EventRow> rows = new ArrayList<>();
    private String address = "";

    /** @param replace the addresses whose events may be replaced */
    JournalImport(JournalPlace place, Set<String> replace) {
        this.place = place;
        this.replace = Set.copyOf(replace);
    }

    private interface Taking {
        void take(String address, EventRow event) throws IOException, JournalException;
    }

    /** Imports lines; the number of events. */
    long run(InputStream in) throws IOException, JournalException {
        return place.alone(() -> imported(in));
    }

    private long imported(InputStream in) throws IOException, JournalException {
        Path aside = Files.createTempFile("weir-import", ".ndjson");
        try (Engine engine = place.engine()) {
            setAside(in, aside);
            Set<String> addresses = new LinkedHashSet<>();
            long events = each(aside, (to, event) -> {
                if (addresses.add(to)) {
                    place.keepOf(to);
                }
            });
            engine.open(Clock.system().millis());
            try (JournalStore store = place.open()) {
                if (!store.isOnlyImport()) {
                    throw new IOException("another import is under way; wait for its end");
                }
                beginAnew(store, engine);
                check(store, addresses);
                keep(aside, engine, store, addresses);
            }
            return events;
        } finally {
            Files.delete(aside);
        }
    }

    private static void setAside(InputStream in, Path aside) throws IOException {
        try {
            Files.copy(in, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new IOException(
                    "what comes is set aside in " + aside.getParent() + " first, which failed: " + failure.getMessage()
                            + "; WEIR_OPTS=-Djava.io.tmpdir=FOLDER names another folder",
                    failure);
        }
    }

    /** What another import has left, which was ended in the middle, is in nobody's way. */
    private static void beginAnew(JournalStore store, Engine engine) throws JournalException {
        if (store.discardImport()) {
            engine.close();
            engine.open(Clock.system().millis());
        }
    }

    private void keep(Path aside, Engine engine, JournalStore store, Set<String> addresses) throws IOException {
        try {
            each(aside, (to, event) -> {
                if (!to.equals(address) || rows.size() == BATCH) {
                    flush(engine);
                }
                address = to;
                rows.add(event);
            });
            flush(engine);
            engine.close();
            store.adopt(addresses, replace);
        } catch (JournalException failure) {
            engine.close();
            discard(store, failure);
            throw new IOException(
                    failure.getMessage() + "; nothing is imported: mend that, then import it again", failure);
        }
    }

    /** The next import does it where that fails, too. */
    private static void discard(JournalStore store, JournalException failure) {
        try {
            store.discardImport();
        } catch (JournalException full) {
            failure.addSuppressed(full);
        }
    }

    private static long each(Path file, Taking taking) throws IOException, JournalException {
        long number = 0;
        long events = 0;
        // Which, unlike others, refuses what is no UTF-8.
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    events++;
                    JsonObject json = parse(line, number);
                    EventRow event = JournalLines.read(json, number);
                    taking.take(json.getString("address"), event);
                }
            }
        } catch (CharacterCodingException notText) {
            throw new IOException("behind line " + number + " is something that is not UTF-8 text", notText);
        }
        return events;
    }

    private static JsonObject parse(String line, long number) throws IOException {
        try {
            return new JsonObject(line);
        } catch (DecodeException notJson) {
            throw new IOException("line " + number + " is not a JSON object", notJson);
        }
    }

    private void check(JournalStore store, Set<String> addresses) throws IOException, JournalException {
        Set<String> inTheWay = new TreeSet<>();
        store.logs().stream()
                .filter(log -> log.head() > 0 && addresses.contains(log.address()))
                .map(JournalStore.Log::address)
                .filter(each -> !replace.contains(each))
                .forEach(inTheWay::add);
        if (!inTheWay.isEmpty()) {
            throw new IOException(String.join(", ", inTheWay) + " has events already; --replace "
                    + String.join(" --replace ", inTheWay) + " deletes them first");
        }
        Set<String> without = new TreeSet<>(replace);
        without.removeAll(addresses);
        if (!without.isEmpty()) {
            throw new IOException("there is no event of " + String.join(", ", without)
                    + " in what came, so nothing would replace what is there; leave out --replace "
                    + String.join(" --replace ", without));
        }
    }

    private void flush(Engine engine) throws IOException, JournalException {
        if (!rows.isEmpty()) {
            engine.commit(
                    List.of(new Append(JournalStore.IMPORT + address, place.keepOf(address), rows)),
                    Clock.system().millis());
            rows.clear();
        }
    }
}
