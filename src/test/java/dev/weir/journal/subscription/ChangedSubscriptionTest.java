package dev.weir.journal.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.bus.Authorizer;
import dev.weir.bus.Counters;
import dev.weir.bus.Journal;
import dev.weir.bus.Keep;
import dev.weir.bus.Policies;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.bus.SubscriptionWire;
import dev.weir.config.SubscriptionConfig.Order;
import dev.weir.journal.Engine;
import dev.weir.journal.EngineJournal;
import dev.weir.journal.EngineRules;
import dev.weir.journal.TestPolicies;
import dev.weir.journal.Work;
import dev.weir.journal.WorkStore;
import dev.weir.journal.sql.SqliteEngine;
import dev.weir.journal.subscription.Settlement.Outcome;
import dev.weir.time.Clock;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A subscription that a reload changes, or that stops, while a commit of it is under way. */
class ChangedSubscriptionTest {
    private static final String YAML = """
            addresses: [{match: orders, publish: anyone, keep: {events: 100}}]
            subscriptions: [{name: billing, from: [orders], consume: anyone, ack-wait: %s}]
            """;
    private static final Keep KEEP = new Keep(100, Long.MAX_VALUE, 0);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final SubscriptionWire wire = new SubscriptionWire(vertx);
    private final AtomicReference<Policies> policies = new AtomicReference<>();
    private final CountDownLatch underWay = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final List<String> calls = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws Exception {
        goesOn.countDown();
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(60, TimeUnit.SECONDS);
    }

    /** Settlements stay in the middle of their commit until the test lets them go on. */
    private Engine engine(boolean shared) {
        Engine real = new SqliteEngine(folder, new EngineRules(120_000, 1_000, 86_400_000, address -> KEEP));
        return (Engine) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Engine.class}, (self, method, a) -> {
                    if (method.getName().equals("isShared")) {
                        return shared;
                    }
                    return method.getName().equals("work") ? real.work().map(this::gated) : call(method, real, a);
                });
    }

    private WorkStore gated(WorkStore real) {
        return (WorkStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WorkStore.class}, (self, method, a) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("claim")) {
                        return new Work.Fence((String) a[0], 1);
                    }
                    if (method.getName().equals("release")) {
                        return null;
                    }
                    if (method.getName().equals("keep") && settles((List<?>) a[0])) {
                        underWay.countDown();
                        assertThat(goesOn.await(60, TimeUnit.SECONDS)).isTrue();
                    }
                    return call(method, real, a);
                });
    }

    private static boolean settles(List<?> works) {
        return works.stream().flatMap(work -> ((Work) work).cursors().stream()).anyMatch(cursor -> cursor.offset() > 0);
    }

    private static Object call(Method method, Object on, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException wrong) {
            throw wrong.getCause();
        }
    }

    private void say(String ackWait) throws Exception {
        policies.set(TestPolicies.load(folder, YAML.formatted(ackWait)));
    }

    private static void append(EngineJournal journal) throws Exception {
        Journal.Entry event = new Journal.Entry(MultiMap.caseInsensitiveMultiMap(), "paid", false);
        get(journal.append("orders", KEEP, event));
    }

    private JsonArray pull() throws Exception {
        return get(wire.pull("billing", null, 1, 20_000, "test"));
    }

    private static JsonArray ack(JsonArray deliveries) {
        String id = deliveries.getJsonObject(0).getString("id");
        return new JsonArray().add(new JsonObject().put("id", id).put("outcome", "ack"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasBeingAcknowledgedIsNotDeliveredAgain(boolean shared) throws Exception {
        say("1m");
        Authorizer authorizer = new Authorizer(vertx, Clock.system(), policies);
        EngineJournal journal = new EngineJournal(vertx, engine(shared), Clock.system(), kept -> {});
        get(journal.start());
        claimed();
        Publisher publisher = new Publisher(vertx, Clock.system(), authorizer, new Counters());
        SubscriptionVerticle verticle = new SubscriptionVerticle(
                journal,
                policies::get,
                authorizer.subscriptions(),
                publisher,
                Clock.system(),
                "n",
                (name, tally) -> {});
        get(vertx.deployVerticle(verticle));
        append(journal);
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> owned());
        Future<JsonArray> settled = wire.settle("billing", ack(pull()));
        assertThat(underWay.await(30, TimeUnit.SECONDS)).isTrue();
        calls.clear();
        say("2m");
        get(verticle.adopt());
        assertThatThrownBy(this::pull).isInstanceOf(Refusal.class).hasMessageContaining("no node owns");
        goesOn.countDown();
        assertThat(get(settled)).containsExactly("done");
        append(journal);
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> owned());
        assertThat(pull().getJsonObject(0).getJsonObject("event").getString("weiroffset"))
                .isEqualTo("2");
        if (shared) {
            // Else the claim is given back that the next owner has.
            assertThat(calls.indexOf("release")).isNotNegative().isLessThan(calls.indexOf("claim"));
        }
        get(journal.stop());
    }

    /** A file is one node's and its readers only read, so the claim is there from the beginning. */
    private void claimed() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(SqliteEngine.FILE));
                Statement insert = connection.createStatement()) {
            insert.execute(
                    "INSERT INTO claims (name, node, token, expires) VALUES ('subscription/billing', 'n', 1, 0)");
        }
    }

    private boolean owned() throws Exception {
        return get(wire.status("billing")).getBoolean("running");
    }

    @Test
    void whereItStoodIsNotForgottenWhenItStopsWhileACommitIsUnderWay() {
        VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
        MemoryStore store = new MemoryStore();
        store.add("orders", "a", "placed");
        Dispatcher dispatcher = new Dispatcher(
                DispatcherTest.spec(Order.KEY, 100, 5),
                store,
                time,
                time,
                new Tally(),
                () -> {},
                new MemoryNews(),
                Tracing.OFF);
        dispatcher.start(null);
        Delivery.Id id = dispatcher
                .pull(null, 1, Duration.ofSeconds(5), "")
                .result()
                .get(0)
                .id();
        store.holding = true;
        dispatcher.settle(List.of(new Settlement(id, Outcome.ACK, null, null)));
        Future<Void> closed = dispatcher.close();
        boolean tooEarly = closed.isComplete();
        store.holding = false;
        store.release();
        assertThat(store.cursors).containsEntry("orders", new Work.Cursor("orders", "e1", 1, ""));
        assertThat(tooEarly).isFalse();
        assertThat(closed.succeeded()).isTrue();
    }
}
