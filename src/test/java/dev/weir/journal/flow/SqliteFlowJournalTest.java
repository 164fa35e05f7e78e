package dev.weir.journal.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.bus.FlowCommit;
import dev.weir.bus.FlowJournal;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineRules;
import dev.weir.journal.sql.SqliteEngine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFlowJournalTest extends FlowJournalContract {
    @TempDir
    Path folder;

    @Override
    Engine engine(EngineRules rules) {
        return new SqliteEngine(folder, rules);
    }

    @Override
    void forbid(String subject) throws Exception {
        try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(SqliteEngine.FILE));
                Statement statement = own.createStatement()) {
            statement.executeUpdate("CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.subject = '" + subject
                    + "' BEGIN SELECT RAISE(ABORT, 'not this one'); END");
        }
    }

    @Test
    void aProcessThatIsAloneNeedsNoClaims() throws Exception {
        FlowCommit cut =
                Cuts.of("f").cursor(0, "in", 1).bury("d", 0, "call", null).cut();
        assertThat(get(flows.commit(cut))).isTrue();
        assertThat(get(flows.replay("f", List.of(), new FlowJournal.Replay(List.of("d"), 0, false, null)))
                        .parked())
                .hasSize(1);
    }
}
