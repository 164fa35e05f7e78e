package dev.weir.journal.sql;

import dev.weir.PostgresServer;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresEngineTest extends EngineContract {
    private static final String CLOCK =
            "((extract(epoch FROM clock_timestamp()) * 1000)::bigint + (SELECT millis FROM test_shift))";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir
    static Path folder;

    private static PostgresServer server;

    private String name;
    private String uri;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected Engine create() throws Exception {
        if (uri == null) {
            name = "db" + DATABASES.incrementAndGet();
            uri = server.database(name);
            run("CREATE SCHEMA weir");
            run("CREATE TABLE weir.test_shift (millis bigint)");
            run("INSERT INTO weir.test_shift VALUES (0)");
        }
        return new PostgresEngine(uri, "weir", 5_000, rules(), CLOCK);
    }

    @Override
    protected void clock(long sinceStartMillis) throws Exception {
        run("UPDATE weir.test_shift SET millis = " + sinceStartMillis);
    }

    private void run(String sql) throws Exception {
        try (Connection connection = server.connect(name, name);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
