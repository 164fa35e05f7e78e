package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.PostgresServer;
import dev.weir.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Following events through a PostgreSQL journal, also those of other nodes. */
class PostgresTraceTest extends TraceContract {
    private PostgresServer server;
    private String journal;

    @Override
    String journal(Path folder) throws Exception {
        server = new PostgresServer(Files.createDirectories(folder.resolve("server")));
        journal = "{engine: postgresql, uri: '" + server.database("shop") + "'}";
        return journal;
    }

    @Override
    @AfterAll
    void stop() throws Exception {
        try {
            super.stop();
        } finally {
            server.close();
        }
    }

    @Test
    void anotherNodeFollowsTheSame() throws Exception {
        try (TestNode other = start("two", journal)) {
            emit(other, "orders", "order", "elsewhere", 1);
            await().untilAsserted(() ->
                    assertThat(addresses(trace(node, "elsewhere", ""))).containsExactly("orders", "paid"));
            assertThat(ids(trace(other, "elsewhere", ""))).isEqualTo(ids(trace(node, "elsewhere", "")));
        }
    }
}
