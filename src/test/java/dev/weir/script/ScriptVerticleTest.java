package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a script that fails, blocks, changes or is undeployed. */
class ScriptVerticleTest {
    private static final JsonObject NONE = new JsonObject();

    @TempDir
    Path folder;

    private ScriptRig rig;

    @BeforeEach
    void rig() {
        rig = new ScriptRig(folder);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void startsAgainAfterAnError() {
        rig.with(given -> given.withRestart(true, false));
        rig.deploy("console.log('begun'); setTimeout(() => { throw new Error('bad'); }, 1);", NONE);
        await().until(() -> rig.lines().stream().filter("begun"::equals).count() == 2);
        assertThat(rig.lines()).contains("Uncaught Error: bad");
    }

    @Test
    void stopsAfterAnErrorWhereThatIsWanted() {
        String id = rig.deploy("setTimeout(() => { throw new Error('bad'); }, 1);", NONE);
        await().until(() -> !rig.vertx().deploymentIDs().contains(id));
        assertThat(rig.lines()).contains("Uncaught Error: bad");
    }

    @Test
    void isNotDeployedWithAnErrorAndSaysWhere() {
        assertThatThrownBy(() -> rig.deploy("\n\nnull.x;", NONE))
                .hasRootCauseInstanceOf(ScriptException.class)
                .hasMessageContaining("TypeError")
                .hasMessageContaining("script0.js:3:");
        assertThatThrownBy(() -> rig.deploy(folder.resolve("nowhere.js"), NONE)).hasMessageContaining("no such file");
        assertThatThrownBy(() -> rig.deploy(rig.file("wrong.mjs", "import './nowhere.mjs';"), NONE))
                .hasMessageContaining("Cannot find module")
                .hasMessageContaining("wrong.mjs");
    }

    @Test
    void startsAgainWhenAFileChanges() {
        rig.with(given -> given.withRestart(true, true));
        rig.file("part.js", "module.exports = 'first';");
        rig.deploy("console.log(require('./part')); setInterval(() => {}, 1000);", NONE);
        rig.file("part.js", "module.exports = 'the second';");
        await().until(() -> rig.lines().contains("the second"));
    }

    @Test
    void aScriptThatKeepsItsLoopIsInterrupted() {
        rig.with(given -> given.withBlocking(Duration.ofMillis(100), Duration.ofMillis(1500)));
        String id = rig.deploy("""
                setTimeout(function spin() {
                  for (let n = 0; ; n++) {
                    try { Math.sqrt(n); } catch {}
                  }
                }, 1);
                """, NONE);
        await().until(() -> !rig.vertx().deploymentIDs().contains(id));
        assertThat(rig.lines())
                .anyMatch(line -> line.startsWith("interrupted: it kept its event loop"))
                .anyMatch(line -> line.startsWith("    at spin (") && line.contains("script0.js:"));
    }

    @Test
    void undeployEndsItsTimers() {
        String id = rig.deploy("setInterval(() => console.log('tick'), 1);", NONE);
        await().until(() -> rig.lines().contains("tick"));
        rig.vertx().undeploy(id).toCompletionStage().toCompletableFuture().join();
        int said = rig.lines().size();
        assertThat(rig.run("setTimeout(() => console.log('done'), 20)")).isEqualTo(List.of("done"));
        assertThat(rig.lines()).hasSize(said + 1);
    }

    @Test
    void seesItsVariablesAndArgumentsOnly() {
        rig.with(given -> given.asProgram(List.of("a", "b")).withEnvironment(java.util.Map.of("SHOP", "eu")));
        assertThat(
                        rig.run(
                                "console.log(Object.keys(process.env).join(), process.env.SHOP, process.argv.slice(2).join(), typeof Java, typeof Polyglot, typeof Graal, typeof load, process.version.split('.')[0]);"))
                .containsExactly("SHOP eu a,b undefined undefined undefined undefined v20");
    }

    @Test
    void modulesOutsideAreNotRead() {
        Path inner = rig.file("inner/main.js", "require('../../secret.js');");
        rig.file("../secret.js", "console.log('never');");
        assertThat(rig.run(inner)).first().asString().contains("outside");
    }

    @Test
    void commonJsModulesImportWhatIsBesideThem() {
        rig.file("sub/late.mjs", "export default 'late';");
        rig.file("sub/first.js", "exports.get = () => import('./late.mjs');");
        assertThat(rig.run("""
                        (async () => {
                          console.log((await require('./sub/first.js').get()).default);
                          console.log((await eval("import('./sub/late.mjs')")).default);
                          await import('./late.mjs').catch((error) => console.log(error.code));
                        })();
                        """)).containsExactly("late", "late", "ERR_MODULE_NOT_FOUND");
    }

    @Test
    void modulesOutsideAreNotReadByTheBackDoorEither() {
        rig.file("../secret.json", "{\"secret\": 1}");
        rig.file("../secret.js", "module.exports = 'never';");
        Path inner = rig.file("inner/main.js", """
                const path = require('path');
                const load = globalThis[Symbol.for('weir.load')];
                const refused = (what) => {
                  try { console.log('reached', what()); } catch (error) { console.log(error.code); }
                };
                refused(() => load(path.resolve(__dirname, '../../secret.json')));
                refused(() => load(path.resolve(__dirname, '../../secret.js')));
                refused(() => load('node:internal/fs-calls'));
                module.filename = 'node:internal';
                refused(() => module.require('internal/fs-calls'));
                refused(() => require('internal/fs-calls'));
                import('path').then((imported) => console.log(imported.sep));
                """);
        assertThat(rig.run(inner))
                .containsExactly(
                        "ERR_ACCESS_DENIED",
                        "ERR_ACCESS_DENIED",
                        "ERR_ACCESS_DENIED",
                        "MODULE_NOT_FOUND",
                        "MODULE_NOT_FOUND",
                        "/");
    }
}
