package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a script had is given back when it is undeployed. */
class ScriptLeakIT {
    private static final int CYCLES = 1000;

    @TempDir
    Path folder;

    @Test
    void nothingStaysOfAThousandCycles() {
        try (ScriptRig rig = new ScriptRig(folder)) {
            Path script = rig.file(
                    "cycle.js",
                    "const kept = new Array(10000).fill('x'); setInterval(() => kept.length, 1000000); Promise.resolve().then(() => {});");
            List<WeakReference<Object>> made = new ArrayList<>();
            for (int i = 0; i < CYCLES; i++) {
                JsonObject config = new JsonObject().put("cycle", i);
                made.add(new WeakReference<>(config));
                String id = rig.deploy(script, config);
                rig.vertx()
                        .undeploy(id)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
            }
            await().until(() -> {
                System.gc();
                return made.stream().filter(each -> each.get() != null).count() <= 2;
            });
            assertThat(rig.vertx().deploymentIDs()).isEmpty();
        }
    }
}
