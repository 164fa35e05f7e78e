package dev.weir.cli;

import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Policy;
import dev.weir.config.JournalConfig;
import dev.weir.journal.DataFolder;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.JournalException;
import dev.weir.journal.sql.JournalStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the journal is that a configuration names, and what is kept of which address.
 *
 * @param folder the data folder
 */
record JournalPlace(JournalConfig config, Path folder, Policies policies) {
    private boolean isPostgresql() {
        return config.uri() != null;
    }

    private int timeoutMillis() {
        return (int) config.timeout().toMillis();
    }

    /** For what is read, counted, checked or cut beside the nodes. */
    JournalStore open() throws JournalException {
        return config.uri() == null
                ? JournalStore.sqlite(folder)
                : JournalStore.postgresql(config.uri(), config.schema(), timeoutMillis());
    }

    /** What writes to the journal. */
    interface Writing<T> {
        T run() throws IOException, JournalException;
    }

    /** Keeps nodes away meanwhile: the folder of a SQLite journal is one process's. PostgreSQL takes any number of writers. */
    <T> T alone(Writing<T> work) throws IOException, JournalException {
        DataFolder lock = isPostgresql() ? null : DataFolder.take(folder);
        try {
            return work.run();
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    /** For writing, not open yet. */
    Engine engine() {
        EngineRules rules = new EngineRules(
                config.repeatWindow().toMillis(),
                config.repeatEvents(),
                config.forget().toMillis(),
                address -> keep(address).orElse(null));
        return JournalStore.engine(folder, config.uri(), config.schema(), timeoutMillis(), rules);
    }

    private Optional<Keep> keep(String address) {
        return policies.of(address).map(Policy::keep);
    }

    /** What the policy of an address keeps. */
    Keep keepOf(String address) throws IOException {
        return keep(address)
                .orElseThrow(() -> new IOException("no policy keeps events of '" + address + "'; give it keep first"));
    }
}
