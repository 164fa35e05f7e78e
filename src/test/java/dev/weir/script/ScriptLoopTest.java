package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node's order of what runs when. */
class ScriptLoopTest {
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
    void ticksComeBeforePromiseJobsAndBothBeforeTimers() {
        assertThat(rig.run("""
                        setTimeout(() => console.log('timer'), 0);
                        setImmediate(() => console.log('immediate'));
                        Promise.resolve().then(() => {
                          console.log('job');
                          process.nextTick(() => console.log('tick of a job'));
                          Promise.resolve().then(() => console.log('job of a job'));
                        });
                        queueMicrotask(() => console.log('microtask'));
                        process.nextTick((a, b) => console.log('tick', a, b), 1, 2);
                        process.nextTick(() => process.nextTick(() => console.log('tick of a tick')));
                        console.log('main');
                        """))
                .containsSubsequence(
                        "main",
                        "tick 1 2",
                        "tick of a tick",
                        "job",
                        "microtask",
                        "job of a job",
                        "tick of a job",
                        "timer")
                .contains("immediate")
                .hasSize(9);
    }

    @Test
    void everyGlobalThatIsThereCanBeLookedAt() {
        assertThat(rig.run("""
                        const missing = Object.getOwnPropertyNames(globalThis).filter((name) => name !== 'undefined' && globalThis[name] === undefined);
                        console.log(missing.join(), typeof ReadableStream, typeof fetch);
                        """)).containsExactly(" undefined function");
    }

    @Test
    void ticksAndJobsRunBetweenTimersAndBetweenImmediates() {
        assertThat(rig.run("""
                        for (const n of [1, 2]) {
                          setTimeout(() => {
                            console.log('timer', n);
                            process.nextTick(() => console.log('tick', n));
                            Promise.resolve().then(() => console.log('job', n));
                          }, 5);
                        }
                        setTimeout(() => {
                          for (const n of [3, 4]) {
                            setImmediate(() => {
                              console.log('immediate', n);
                              process.nextTick(() => console.log('tick', n));
                              Promise.resolve().then(() => console.log('job', n));
                            });
                          }
                        }, 10);
                        """))
                .containsExactly(
                        "timer 1",
                        "tick 1",
                        "job 1",
                        "timer 2",
                        "tick 2",
                        "job 2",
                        "immediate 3",
                        "tick 3",
                        "job 3",
                        "immediate 4",
                        "tick 4",
                        "job 4");
    }

    @Test
    void timersAreClearedRefreshedAndRepeated() {
        assertThat(rig.run("""
                        const gone = setTimeout(() => console.log('never'), 1);
                        clearTimeout(gone);
                        clearTimeout(+setTimeout(() => console.log('never'), 1));
                        let n = 0;
                        const each = setInterval(() => {
                          console.log('interval', ++n);
                          if (n === 3) clearInterval(each);
                        }, 1);
                        setInterval(() => console.log('never'), 1000000).unref();
                        const never = setImmediate(() => console.log('never'));
                        clearImmediate(never);
                        """)).containsExactly("interval 1", "interval 2", "interval 3");
    }

    @Test
    void anUncaughtErrorIsSaidOnceWithItsPlaceAndEndsTheScript() {
        assertThat(
                        rig.run(
                                "setTimeout(() => {\n  throw new TypeError('bad');\n}, 1);\nsetTimeout(() => console.log('no'), 2)"))
                .hasSizeGreaterThan(0)
                .first()
                .asString()
                .isEqualTo("Uncaught TypeError: bad");
        assertThat(rig.lines().get(1)).contains("script0.js:2:");
        assertThat(rig.lines()).doesNotContain("no");
    }

    @Test
    void anUnhandledRejectionEndsTheScript() {
        assertThat(rig.run("Promise.reject(new Error('lost'))")).first().isEqualTo("Uncaught Error: lost");
    }

    @Test
    void modulesRequireEachOtherAndJson() {
        rig.file("lib/index.js", "exports.name = 'lib'; exports.file = __filename.split('/').slice(-2).join('/');");
        rig.file("data.json", "{\"n\": 1}");
        rig.file("node_modules/pack/package.json", "{\"name\": \"pack\", \"main\": \"./src/main\"}");
        rig.file("node_modules/pack/src/main.js", "module.exports = () => 'packed';");
        rig.file(
                "node_modules/modern/package.json",
                "{\"exports\": {\".\": {\"import\": \"./x.mjs\", \"require\": \"./x.cjs\"}, \"./deep/*\": \"./src/*.js\"}}");
        rig.file("node_modules/modern/x.cjs", "module.exports = 'modern';");
        rig.file("node_modules/modern/src/y.js", "module.exports = 'deep';");
        assertThat(rig.run("""
                        const lib = require('./lib');
                        console.log(lib.name, lib.file, require('./data').n, require('pack')(), require('modern'), require('modern/deep/y'));
                        console.log(require('./lib') === lib, require.main === module, module.id);
                        try { require('./nowhere'); } catch (error) { console.log(error.code, error.message.split('\\n')[0]); }
                        console.log(require('node:timers') === require('timers'));
                        """))
                .containsExactly(
                        "lib lib/index.js 1 packed modern deep",
                        "true true .",
                        "MODULE_NOT_FOUND Cannot find module './nowhere'",
                        "true");
    }

    @Test
    void aSyntaxErrorNamesFileAndLine() {
        assertThat(rig.run("\nlet x = ;")).first().asString().startsWith("Uncaught SyntaxError: ");
        assertThat(rig.lines().get(1)).endsWith("script0.js:2:9");
    }

    @Test
    void exitRunsNothingMore() {
        assertThat(rig.run("""
                        process.on('exit', (code) => console.log('exit', code));
                        setTimeout(() => console.log('no'), 1);
                        Promise.resolve().then(() => console.log('no'));
                        try { process.exit(3); } finally { console.log('no'); }
                        """)).containsExactly("exit 3");
    }
}
