package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fs keeps a script from, what it gives back, and how much memory a stream takes. */
class FsScriptTest {
    @TempDir
    Path folder;

    private Path inside;
    private ScriptRig rig;

    @BeforeEach
    void rig() throws IOException {
        inside = Files.createDirectory(folder.resolve("inside"));
        Files.writeString(folder.resolve("secret.txt"), "secret");
        rig = new ScriptRig(folder).with(given -> given.withFolders(List.of(inside)));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void nothingOutsideTheFoldersIsReachedWhicheverWay() throws IOException {
        Files.createSymbolicLink(inside.resolve("file-link"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(inside.resolve("folder-link"), folder);
        Files.createSymbolicLink(inside.resolve("nowhere"), folder.resolve("made.txt"));
        Files.createSymbolicLink(inside.resolve("chain"), inside.resolve("nowhere"));
        List<String> lines = rig.run("""
                const fs = require('fs');
                const refused = (name, what) => {
                  try { what(); console.log(name, 'reached'); } catch (error) { console.log(name, error.code); }
                };
                for (const path of ['/etc/hostname', 'secret.txt', 'inside/../secret.txt', 'inside/file-link',
                  'inside/folder-link/secret.txt', 'inside/folder-link/../secret.txt', 'inside/nothing/../../secret.txt']) {
                  refused(path, () => fs.readFileSync(path));
                }
                for (const path of ['made.txt', 'inside/nowhere', 'inside/chain', 'inside/folder-link/made.txt', 'inside/../made.txt']) {
                  refused(path, () => fs.writeFileSync(path, 'x'));
                }
                refused('mkdir', () => fs.mkdirSync('inside/folder-link/made'));
                refused('readdir', () => fs.readdirSync('.'));
                refused('stat', () => fs.statSync('secret.txt'));
                refused('rename in', () => fs.renameSync('secret.txt', 'inside/x'));
                refused('copy in', () => fs.copyFileSync('secret.txt', 'inside/x'));
                refused('link in', () => fs.linkSync('secret.txt', 'inside/x'));
                refused('rm', () => fs.rmSync('secret.txt'));
                refused('watch', () => fs.watch('.'));
                refused('mkdtemp', () => fs.mkdtempSync('made-'));
                console.log(fs.existsSync('secret.txt'), fs.lstatSync('inside/file-link').isSymbolicLink());
                fs.rmSync('inside', { recursive: true });
                """);
        assertThat(lines.subList(0, lines.size() - 1)).hasSize(21).allMatch(line -> line.endsWith(" EACCES"));
        assertThat(lines).last().isEqualTo("false true");
        assertThat(folder.resolve("secret.txt")).hasContent("secret");
        assertThat(folder.resolve("made.txt")).doesNotExist();
        assertThat(inside).doesNotExist();
    }

    @Test
    void aRefusalNamesTheKeyThatMendsIt() {
        assertThat(rig.run("require('fs').readFile('/etc/hostname', (error) => console.log(error.message))"))
                .containsExactly("EACCES: permission denied, open '/etc/hostname' (outside the folders scripts may use;"
                        + " if it should be inside, add its folder to script.folders)");
        rig.with(given -> given.withFolders(List.of()));
        assertThat(rig.run("require('fs/promises').stat('x').catch((error) => console.log(error.message))"))
                .containsExactly(
                        "EACCES: permission denied, stat 'x' (scripts may use no folder; name those they need in"
                                + " script.folders)");
    }

    @Test
    void aStreamTakesNoMoreThanItsReaderHasRoomFor() throws IOException {
        Files.write(inside.resolve("big"), new byte[16 * 1024 * 1024]);
        assertThat(rig.run("""
                        const fs = require('fs');
                        const { Writable } = require('stream');
                        const from = fs.createReadStream('inside/big');
                        let go;
                        const slow = new Writable({ write(chunk, encoding, callback) { go = callback; } });
                        from.pipe(slow);
                        // Reads of other files come and go while this one must not go on.
                        let reads = 0;
                        const look = () => fs.stat('inside/big', () => {
                          if (go === undefined || ++reads < 50) return look();
                          console.log(from.bytesRead <= 4 * 64 * 1024, from.bytesRead > 0);
                          slow._write = (chunk, encoding, callback) => callback();
                          slow.on('finish', () => console.log(from.bytesRead));
                          go();
                        });
                        look();
                        """)).containsExactly("true true", String.valueOf(16 * 1024 * 1024));
    }

    @Test
    void changesOfAFolderAreTold() {
        assertThat(rig.run("""
                        const fs = require('fs');
                        const watcher = fs.watch('inside', (type, name) => {
                          console.log(type, name);
                          watcher.close();
                        });
                        watcher.on('close', () => console.log('closed'));
                        fs.writeFileSync('inside/new.txt', '');
                        """)).containsExactly("rename new.txt", "closed");
    }

    @Test
    void nothingIsCopiedToWhereALinkLeads() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "kept");
        assertThat(rig.run("""
                        const fs = require('fs');
                        fs.mkdirSync('inside/from/sub', { recursive: true });
                        fs.writeFileSync('inside/from/sub/file', 'changed');
                        fs.mkdirSync('inside/to');
                        fs.symlinkSync('../../outside', 'inside/to/sub');
                        const refused = (what) => {
                          try { what(); console.log('copied'); } catch (error) { console.log(error.code); }
                        };
                        refused(() => fs.cpSync('inside/from', 'inside/to', { recursive: true }));
                        refused(() => fs.cpSync('inside/from', 'inside/to', { recursive: true, filter: () => true }));
                        refused(() => fs.cpSync('inside/to', 'inside/read', { recursive: true, dereference: true }));
                        fs.symlinkSync('../outside/file', 'inside/link');
                        fs.cpSync('inside/from/sub/file', 'inside/link');
                        console.log(fs.readFileSync('inside/link', 'utf8'));
                        """))
                .containsExactly("ERR_FS_CP_DIR_TO_NON_DIR", "ERR_FS_CP_DIR_TO_NON_DIR", "EACCES", "changed");
        assertThat(outside.resolve("file")).hasContent("kept");
    }

    @Test
    void anOpenFileTellsNothingOfWhatALinkInItsPlaceLeadsTo() {
        assertThat(rig.run("""
                        const fs = require('fs');
                        const fd = fs.openSync('inside/held', 'w');
                        fs.unlinkSync('inside/held');
                        fs.symlinkSync('../secret.txt', 'inside/held');
                        console.log(fs.fstatSync(fd).size);
                        """)).containsExactly("0");
    }

    @Test
    void openFilesAreGivenBackWithTheScript() {
        String id = rig.deploy("""
                const fs = require('fs');
                fs.openSync('inside/held', 'w');
                fs.createWriteStream('inside/held').on('open', () => console.log('open'));
                setInterval(() => {}, 1000);
                """, new JsonObject());
        await().atMost(Duration.ofSeconds(30)).until(() -> rig.lines().contains("open"));
        assertThat(opened("held")).isEqualTo(2);
        rig.vertx().undeploy(id).toCompletionStage().toCompletableFuture().join();
        await().atMost(Duration.ofSeconds(30)).until(() -> opened("held") == 0);
    }

    /** How many descriptors of this process are that file's. */
    private static long opened(String name) {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).endsWith(name);
                        } catch (IOException closedMeanwhile) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
