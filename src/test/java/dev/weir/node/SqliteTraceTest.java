package dev.weir.node;

import java.nio.file.Path;

/** Following events through a SQLite journal. */
class SqliteTraceTest extends TraceContract {
    @Override
    String journal(Path folder) {
        return "{engine: sqlite}";
    }
}
