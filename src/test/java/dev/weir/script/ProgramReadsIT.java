package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.BridgeClient;
import dev.weir.NodeProcess;
import dev.weir.NodeProcesses;
import dev.weir.PostgresServer;
import dev.weir.Program;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program beside nodes reads of them: journal, state, presence; and that it goes on when a node dies. */
class ProgramReadsIT {
    private static final String CONF = """
            http: {ping-timeout: 10m}
            presence: {grace: 0s}
            addresses:
              - {match: orders, publish: anyone, subscribe: anyone, presence: anyone}
              - {match: log, publish: anyone, subscribe: anyone, keep: {events: 100}}
            """;

    private static final String READS = """
            const { emitter, journal, publish } = require('weir');
            const failed = ({ name, code, message }) => console.log(name, code, message);
            const heard = [];
            const log = emitter('log');
            log.on('*', (data, { offset }) => {
              heard.push(offset);
              if (heard.some((each, i) => each !== i + 1)) console.log('gap', heard.join());
              if (data === 'end') end();
            });
            let reads = 0;
            let running = true;
            async function end() {
              running = false;
              log.removeAllListeners();
            }
            (async () => {
              await log.ready();
              for (const n of [1, 2, 3]) await publish('log', { n }, { key: 'k' + n });
              const first = await journal.read('log', { limit: 2 });
              console.log(first.events.map(({ data, subject, offset }) => [data.n, subject, offset].join(':')).join(' '), first.head);
              const second = await journal.read('log', { since: first.next });
              console.log(second.events.map(({ data }) => data.n).join(), second.from, second.to, second.next === `${first.epoch}:3`);
              await journal.read('orders').catch(failed);
              await journal.read('nowhere').catch(failed);
              await journal.read('log', { limit: 0 }).catch(failed);
              await journal.read('log', { since: 'x' }).catch(failed);
              await journal.read('log', { since: 'other:1' }).catch(failed);
              console.log('read all');
              while (running) {
                let n = 0;
                try {
                  for await (const event of journal.events('log', { limit: 2 })) n++;
                  console.log('read', ++reads, n);
                } catch (error) {
                  failed(error);
                }
                await new Promise((resolve) => setTimeout(resolve, 50));
              }
            })();
            """;

    @TempDir
    private Path home;

    private static JsonObject publish(Object data) {
        return BridgeClient.frame("publish", "log").put("body", data);
    }

    private static long reads(Program program) {
        return program.output()
                .lines()
                .filter(line -> line.startsWith("read ") && !line.equals("read all"))
                .count();
    }

    @Test
    void theJournalIsReadAndHeardWithoutAGapWhenTheNodeThatAnsweredDies() throws Exception {
        Files.writeString(home.resolve("reads.js"), READS);
        try (NodeProcesses cluster = new NodeProcesses(home, CONF).startAll(2);
                Program program = cluster.beside(home, "js", "--cluster", "reads.js")) {
            program.says(said -> said.contains("read all"));
            assertThat(program.output().lines())
                    .containsSubsequence(
                            "1:k1:1 2:k2:2 3",
                            "3 2 3 true",
                            "WeirError unknown_address 'orders' keeps nothing: its policy needs keep:",
                            "WeirError unknown_address 'nowhere' keeps nothing: its policy needs keep:",
                            "WeirError invalid_parameter limit is from 1 to 10000, not 0",
                            "WeirError invalid_parameter since is a position, <epoch>:<offset>, not 'x'")
                    .anyMatch(line -> line.startsWith("WeirError epoch_changed "));
            program.says(said -> said.contains("read 5 3"));
            try (BridgeClient browser = BridgeClient.connect(cluster.get(1).port())) {
                cluster.get(0).kill();
                long before = reads(program);
                cluster.await("it reads on", NodeProcesses.PATIENCE, () -> reads(program) > before + 5);
                browser.send(publish(4)).send(publish("end"));
                assertThat(program.exit()).as(program.output()).isZero();
            }
            assertThat(program.output()).doesNotContain("gap").doesNotContain("unavailable");
        }
    }

    @Test
    void itSeesWhoIsOnAnAddressWhicheverNodeTheyAreAt() throws Exception {
        Files.writeString(home.resolve("sees.js"), """
                const { emitter } = require('weir');
                const room = emitter('orders').presence();
                const told = (type) => ({ data }) => console.log(type, data.name, room.members.map((each) => each.data.name).sort().join());
                for (const type of ['join', 'update', 'leave']) room.on(type, told(type));
                room.ready()
                  .then(() => console.log('ready', room.count))
                  .then(() => room.join({ name: 'program' }))
                  .catch(({ code, message }) => console.log('join', code, message));
                room.on('leave', ({ data }) => data.name === 'Zoe' && room.close());
                """);
        try (NodeProcesses cluster = new NodeProcesses(home, CONF).startAll(2);
                Program program = cluster.beside(home, "js", "--cluster", "sees.js");
                BridgeClient one = BridgeClient.connect(cluster.get(0).port());
                BridgeClient two = BridgeClient.connect(cluster.get(1).port())) {
            program.says(said -> said.contains("ready 0"));
            program.says(said -> said.contains("join unavailable only verticles inside a Weir node"));
            one.send(present("Ann"));
            program.says(said -> said.contains("join Ann Ann\n"));
            two.send(present("Bob"));
            program.says(said -> said.contains("join Bob Ann,Bob\n"));
            one.send(present("Anna"));
            program.says(said -> said.contains("update Anna Anna,Bob\n"));
            cluster.get(0).kill();
            program.says(said -> said.contains("leave Anna Bob\n"));
            try (BridgeClient three = BridgeClient.connect(cluster.get(1).port())) {
                three.send(present("Zoe"));
                program.says(said -> said.contains("join Zoe Bob,Zoe\n"));
            }
            program.says(said -> said.contains("leave Zoe Bob\n"));
            assertThat(program.exit()).as(program.output()).isZero();
        }
    }

    private static JsonObject present(String name) {
        JsonObject headers = new JsonObject()
                .put("weir-presence", "join")
                .put("weir-presence-data", new JsonObject().put("name", name).encode());
        return BridgeClient.frame("register", "orders").put("headers", headers);
    }

    @Test
    void aStateIsThatOfTheVerticlesAndOutlivesANode() throws Exception {
        Files.writeString(home.resolve("counts.js"), """
                const { state, log } = require('weir');
                const stock = state('stock');
                stock.on('change', (item, count) => log.info('verticle saw %s %d', item, count));
                """);
        Files.writeString(home.resolve("stock.js"), """
                const { state } = require('weir');
                const stock = state('stock');
                stock.on('change', (item, count, before) => console.log('change', item, before, count));
                (async () => {
                  await stock.ready();
                  await stock.set('apples', (stock.get('apples') ?? 0) + 1);
                  await stock.set('pears', 5);
                  await stock.delete('pears');
                  console.log([...stock].join(';'), stock.size);
                  if (process.argv[2] === 'stays') {
                    stock.on('change', (item) => item === 'end' && stock.close());
                  } else {
                    stock.close();
                  }
                })();
                """);
        try (PostgresServer server = new PostgresServer(Files.createDirectories(home.resolve("server")))) {
            String conf = "journal: {engine: postgresql, uri: '" + server.database("shop") + "'}\n"
                    + "addresses: [{match: stock, publish: anyone, keep: latest}]\n"
                    + "verticles: [{deploy: 'js:" + home.resolve("counts.js") + "'}]\n";
            try (NodeProcesses cluster = new NodeProcesses(home, conf).startAll(2)) {
                try (Program first = cluster.beside(home, "js", "--cluster", "stock.js")) {
                    assertThat(first.exit()).as(first.output()).isZero();
                    assertThat(first.output().lines())
                            .contains("change apples undefined 1", "change pears 5 undefined", "apples,1 1");
                }
                NodeProcess left = cluster.get(1);
                cluster.await("a verticle sees it", NodeProcesses.PATIENCE, () -> left.output()
                        .contains("verticle saw apples 1"));
                try (Program second = cluster.beside(home, "js", "--cluster", "stock.js", "stays")) {
                    second.says(said -> said.contains("apples,2 1"));
                    cluster.get(0).kill();
                    try (BridgeClient browser = BridgeClient.connect(left.port())) {
                        browser.send(BridgeClient.frame("publish", "stock")
                                .put(
                                        "headers",
                                        new JsonObject().put("ce-type", "set").put("ce-subject", "end"))
                                .put("body", 1));
                        assertThat(second.exit()).as(second.output()).isZero();
                    }
                }
            }
        }
    }

    @Test
    void whereNoNodeIsThereIsAClearError() throws Exception {
        Files.writeString(home.resolve("alone.js"), """
                const { emitter, journal, state } = require('weir');
                const failed = ({ code, message }) => console.log(code, message);
                (async () => {
                  await journal.read('log').catch(failed);
                  await emitter('orders').presence().ready().catch(failed);
                  await state('stock').ready().catch(failed);
                  process.exit(4);
                })();
                """);
        try (NodeProcesses nobody = new NodeProcesses(home, CONF);
                Program inItsCluster = nobody.beside(home, "js", "--cluster", "alone.js");
                Program alone = nobody.beside(home, "js", "alone.js")) {
            assertThat(inItsCluster.exit()).as(inItsCluster.output()).isEqualTo(4);
            assertThat(inItsCluster.output().lines().filter("unavailable no Weir node is in the cluster"::equals))
                    .as(inItsCluster.output())
                    .hasSize(3);
            assertThat(alone.exit()).as(alone.output()).isEqualTo(4);
            assertThat(alone.output().lines())
                    .contains(
                            "unavailable only verticles inside a Weir node and programs in its cluster read the journal",
                            "unavailable only verticles inside a Weir node and programs in its cluster know who is on orders");
        }
    }

    @Test
    void itTidiesUpWhenItIsToldToEnd() throws Exception {
        Files.writeString(home.resolve("guest.js"), """
                const { emitter } = require('weir');
                const orders = emitter('orders');
                orders.on('*', () => {});
                process.once('SIGTERM', async (signal) => {
                  await orders.emit('closed', signal);
                  process.exitCode = 6;
                  orders.removeAllListeners();
                });
                orders.ready().then(() => console.log('listens'));
                """);
        try (NodeProcesses cluster = new NodeProcesses(home, CONF).startAll(1);
                BridgeClient browser = BridgeClient.connect(cluster.get(0).port());
                Program program = cluster.beside(home, "js", "--cluster", "guest.js")) {
            browser.register("orders");
            program.says(said -> said.contains("listens"));
            program.signal("TERM");
            assertThat(browser.next().getString("body")).isEqualTo("SIGTERM");
            assertThat(program.exit()).as(program.output()).isEqualTo(6);
        }
    }
}
