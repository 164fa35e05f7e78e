package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.emitter.EmitOptions;
import dev.weir.emitter.Emitter;
import dev.weir.event.Event;
import dev.weir.junit.At;
import dev.weir.junit.WeirTime;
import dev.weir.junit.WithWeir;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code require('weir')} in a node: the emitter of the design, and what else a verticle has of Weir. */
@WithWeir("""
        addresses:
          - {match: 'orders.{region}', publish: anyone, subscribe: anyone, presence: anyone, max-size: 300B}
          - {match: pricing, request: anyone}
          - {match: kept, publish: anyone, history: anyone, keep: {events: 100}}
          - {match: stock, keep: latest}
          - {match: work, publish: anyone, keep: {events: 100}}
        subscriptions:
          - {name: billing, from: [work], retry: {backoff: [50ms], attempts: 2}}
        """)
class WeirModuleTest {
    @TempDir
    private Path folder;

    private ScriptRig rig;

    @BeforeEach
    void rig(Vertx vertx) {
        rig = new ScriptRig(vertx, folder);
    }

    private List<String> run(String body) {
        return rig.run("const weir = require('weir');\n(async () => {\n" + body + "\n})();\n");
    }

    @Test
    void anEmitterHearsItsOwnEventsInOrderDataFirst() {
        assertThat(run("""
                const orders = weir.emitter('orders.eu');
                orders.on('placed', (data, event) => console.log('placed', data.n, event.subject, event.address, typeof event.id, event.extensions.tier));
                orders.prependListener('placed', data => console.log('first', data.n));
                orders.once('placed', () => console.log('once'));
                await orders.ready();
                const done = new Promise(resolve => orders.on('*', (data, event) => event.type === 'end' && resolve(data)));
                const receipt = await orders.emit('placed', {n: 1}, {key: 'k', extensions: {tier: 'gold'}});
                console.log(Object.keys(receipt).join());
                orders.emit('placed', {n: 2});
                orders.emit('end', null);
                console.log(await done, orders.listenerCount('placed'), orders.eventNames().join());
                console.log(await orders.listeners());
                orders.removeAllListeners();
                """))
                .containsExactly(
                        "first 1",
                        "placed 1 k orders.eu string gold",
                        "once",
                        "id",
                        "first 2",
                        "placed 2 undefined orders.eu string undefined",
                        "null 2 placed,*",
                        "1");
    }

    @Test
    void aRefusalIsAwaitedOrGoesToTheErrorListeners() {
        assertThat(run("""
                const orders = weir.emitter('orders.eu');
                orders.on('error', error => console.log('error', error.code));
                await orders.emit('large', 'x'.repeat(400)).catch(error => console.log('caught', error.code, error instanceof weir.WeirError));
                orders.emit('large', 'x'.repeat(400));
                orders.emit('disconnect').catch(error => console.log('caught', error.code));
                try { orders.emit('placed', 1, 2); } catch (error) { console.log(error.name, error.message.slice(0, 21)); }
                try { weir.emitter('no address'); } catch (error) { console.log(error.name, error.message.slice(0, 26)); }
                """))
                .containsExactly(
                        "caught too_large true",
                        "TypeError emit takes one datum;",
                        "TypeError 'no address' is no address",
                        "caught reserved_type",
                        "error too_large");
    }

    @Test
    void anAddressThatNobodyDeclaredIsSaid() {
        assertThat(run("""
                const nowhere = weir.emitter('nowhere');
                nowhere.on('error', error => console.log('error', error.code));
                nowhere.on('x', () => {});
                await nowhere.ready().catch(error => console.log('ready', error.code));
                nowhere.removeAllListeners();
                """)).containsExactlyInAnyOrder("error unknown_address", "ready unknown_address");
    }

    @Test
    void emittersOfJavaAndPatternsAreHeardAndHear(@At("orders.java") Emitter java) {
        List<String> heard = new CopyOnWriteArrayList<>();
        java.on("reply", (JsonObject data, Event event) -> heard.add(data + " " + event.subject()));
        java.ready().await();
        rig.deploy("""
                const weir = require('weir');
                const all = weir.emitter('orders.*');
                all.on('ask', (data, event) => weir.publish(event.address, {got: data}, {type: 'reply', key: event.subject}));
                all.ready().then(() => console.log('ready'));
                """, new JsonObject());
        await().until(() -> rig.lines().contains("ready"));
        java.emit("ask", new io.vertx.core.json.JsonArray().add(1).add("x"), EmitOptions.key("k"))
                .await();
        await().untilAsserted(() -> assertThat(heard).containsExactly("{\"got\":[1,\"x\"]} k"));
    }

    @Test
    void streamsOfEventsAreAsyncIterables() {
        assertThat(run("""
                const orders = weir.emitter('orders.stream');
                const events = orders.events('n');
                await orders.ready();
                for (const n of [1, 2, 3]) orders.emit('n', n);
                for await (const event of events) {
                  console.log(event.data);
                  if (event.data === 3) break;
                }
                """)).containsExactly("1", "2", "3");
    }

    @Test
    void requestsAreAskedAndAnswered(@At("pricing") Emitter java) {
        assertThat(run("""
                const served = weir.reply('pricing', async (data, event) => {
                  if (event.type === 'refused') throw new weir.WeirError('too_fast', 'slowly');
                  if (event.type === 'number') throw Object.assign(new Error('mine'), {failureCode: 42});
                  if (event.type === 'bug') throw new Error('secret');
                  return {twice: data * 2};
                });
                await served.ready();
                console.log(JSON.stringify(await weir.request('pricing', 21)));
                for (const type of ['refused', 'number', 'bug']) {
                  await weir.request('pricing', 1, {type}).catch(error => console.log(error.code, error.failureCode, error.message.includes('secret')));
                }
                await served.close();
                await weir.request('pricing', 1).catch(error => console.log(error.code));
                """))
                .contains("{\"twice\":42}", "too_fast undefined false", "recipient_failure 42 false", "no_handlers")
                .anyMatch(line -> line.startsWith("recipient_failure undefined false")
                        || line.matches("recipient_failure \\d+ false"));
        java.respond(event -> Future.succeededFuture("java"));
        java.ready().await();
        assertThat(run("console.log(await weir.request('pricing', 1));")).containsExactly("java");
    }

    @Test
    void whatIsKeptIsReadPageByPage() {
        assertThat(run("""
                for (let n = 1; n <= 5; n++) await weir.publish('kept', {n}, {type: 'x', key: `k${n % 2}`});
                const page = await weir.journal.read('kept', {limit: 2});
                console.log(page.from, page.to, page.head, page.events.map(event => `${event.offset}${event.subject}${event.data.n}`).join());
                const next = await weir.journal.read('kept', {since: page.next});
                console.log(next.events.map(event => event.data.n).join());
                const all = [];
                for await (const event of weir.journal.events('kept', {limit: 2})) all.push(event.data.n);
                console.log(all.join());
                await weir.journal.read('kept', {since: 'other:1'}).catch(error => console.log(error.code));
                await weir.journal.read('kept', {since: 'x'}).catch(error => console.log(error.code));
                await weir.journal.read('orders.eu').catch(error => console.log(error.code));
                """))
                .containsExactly(
                        "0 2 5 1k11,2k02",
                        "3,4,5",
                        "1,2,3,4,5",
                        "epoch_changed",
                        "invalid_parameter",
                        "unknown_address");
    }

    @Test
    void stateOutlivesItsVerticleAndIsTheSameEverywhere() {
        assertThat(run("""
                const stock = await weir.state('stock').ready();
                await stock.set('apples', {n: 3});
                await stock.set('pears', 1);
                await stock.set('apples', {n: 4});
                console.log(stock.get('apples').n, stock.size, await stock.delete('pears'), stock.has('pears'));
                await stock.set('', 1).catch(error => console.log(error.name));
                stock.close();
                """)).containsExactly("4 2 true false", "TypeError");
        assertThat(run("""
                const one = await weir.state('stock').ready();
                const other = await weir.state('stock').ready();
                console.log(JSON.stringify([...one]));
                const changed = new Promise(resolve => other.once('change', (...what) => resolve(what)));
                await one.set('apples', 5);
                console.log(JSON.stringify(await changed), other.get('apples'));
                one.close();
                other.close();
                """)).containsExactly("[[\"apples\",{\"n\":4}]]", "[\"apples\",5,{\"n\":4}] 5");
    }

    @Test
    void aConsumerSettlesByHowItsHandlerEnds() {
        assertThat(run("""
                for (const n of [1, 2, 3, 4]) await weir.publish('work', n);
                const seen = [];
                await new Promise(resolve => {
                  const billing = weir.subscription('billing');
                  billing.consume(async (data, delivery) => {
                    seen.push(`${data}/${delivery.attempt}`);
                    if (data === 1 && delivery.attempt === 1) throw new Error('again');
                    if (data === 2) throw new weir.Rejected('never');
                    if (data === 3) console.log(await delivery.ack());
                    if (data === 1 && delivery.attempt === 2) console.log(await delivery.extend(1000));
                    if (seen.length === 5) billing.close().then(resolve);
                  });
                });
                console.log(seen.sort().join());
                """)).containsExactlyInAnyOrder("done", "done", "1/1,1/2,2/1,3/1,4/1");
    }

    @Test
    void presenceTellsWhoIsThere() {
        assertThat(run("""
                const there = weir.emitter('orders.room').presence({key: 'robot'});
                await there.ready();
                const came = new Promise(resolve => there.once('join', resolve));
                console.log(await there.join({mood: 'fine'}));
                const member = await came;
                console.log(member.id, member.data.mood, there.count, there.members.length);
                there.close();
                """)).containsExactly("robot", "robot fine 1 1");
    }

    @Test
    void configurationAndLogAreThere() {
        rig.deploy("""
                const weir = require('weir');
                console.log(weir.config.name, weir.config === weir.config);
                weir.log.info('told %d', 3);
                """, new JsonObject().put("name", "eu"));
        await().until(() -> rig.lines().contains("eu true"));
    }

    @Test
    void anEmitterKeepsAProgramRunningUntilItsListenersAreGoneAndLeavesTheBusWithIt(@At("orders.gone") Emitter java) {
        rig.run("""
                const orders = require('weir').emitter('orders.gone');
                orders.on('x', () => {});
                orders.ready().then(() => process.exit(0));
                """);
        java.on("x", (data, event) -> {});
        java.ready().await();
        await().until(() -> java.listeners().await() == 1);
    }

    @Test
    void datesGoByTheClockOfATestAsTimersDo(WeirTime time) {
        rig.deploy(rig.file("dates.js", """
                const before = Date.now();
                const shown = [new Date(5).toISOString(), typeof Date(), Date.name, Date.length, new Date() instanceof Date];
                console.log(...shown, new Date().constructor === Date, Object.prototype.toString.call(new Date()));
                class Mine extends Date {}
                setTimeout(() => {
                  const hours = (millis) => Math.round((millis - before) / 3600_000);
                  const text = new Date(Date()).getTime();
                  console.log(hours(Date.now()), hours(new Date().getTime()), hours(new Mine()), hours(text), new Mine() instanceof Mine);
                }, 2 * 3600_000);
                """), new JsonObject());
        time.advance("2h");
        await().untilAsserted(() -> assertThat(rig.lines())
                .containsExactly("1970-01-01T00:00:00.005Z string Date 7 true true [object Date]", "2 2 2 2 true"));
    }
}
