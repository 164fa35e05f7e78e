package dev.weir.journal.hazelcast;

import dev.weir.journal.Engine;
import dev.weir.journal.EngineContract;
import dev.weir.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class HazelcastEngineTest extends EngineContract {
    private static Members members;

    private boolean cleared;

    @BeforeAll
    static void start() {
        members = new Members(2);
    }

    @AfterAll
    static void stop() {
        members.close();
    }

    @Override
    protected Engine create() {
        if (!cleared) {
            members.clear();
            cleared = true;
        }
        return new HazelcastEngine(members.get(0), rules(), Clock.system());
    }

    @Override
    protected boolean keepsLatest() {
        return false;
    }
}
