package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.emitter.Emitter;
import dev.weir.event.Event;
import dev.weir.junit.At;
import dev.weir.junit.WeirTime;
import dev.weir.junit.WithWeir;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verticles of {@code conf/verticles} that are about emitters, and the program of docs/from-eventemitter.md. */
@WithWeir("""
        addresses:
          - {match: shop.orders, subscribe: anyone}
          - {match: shop.desk, request: anyone}
          - {match: orders}
          - {match: host.metrics, subscribe: anyone}
          - {match: board.hosts, subscribe: anyone}
          - {match: board.hosts.now, request: anyone}
        """)
class VerticleExamplesTest {
    private static final Pattern PROGRAM = Pattern.compile("```js\\n(// (\\w+\\.js).*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private ScriptRig rig;

    @BeforeEach
    void rig(Vertx vertx) {
        rig = new ScriptRig(vertx, folder);
    }

    private void deploy(String name, JsonObject config) {
        rig.deploy(Path.of("conf/verticles", name).toAbsolutePath(), config);
    }

    private static JsonObject part(String name) {
        return new JsonObject().put("parts", new JsonArray().add(name)).put("patience", "10m");
    }

    @Test
    void anOrderIsShippedOnceItIsPackedAndPaid(
            @At("shop.orders") Emitter orders, @At("shop.desk") Emitter desk, WeirTime time) {
        List<String> heard = new CopyOnWriteArrayList<>();
        orders.on("*", (JsonObject data, Event event) -> heard.add(event.type()));
        orders.ready().await();
        deploy("orders.js", part("desk"));
        deploy("orders.js", part("warehouse"));
        await().until(() -> orders.listeners().await() == 3);
        assertThat(place(desk, "apples", 2, 3).getString("id")).isNotEmpty();
        await().until(() -> heard.equals(List.of("placed", "packed")));
        time.advance("10m");
        await().until(() -> heard.equals(List.of("placed", "packed", "cancelled", "unpacked")));
        heard.clear();
        deploy("orders.js", part("billing"));
        await().until(() -> orders.listeners().await() == 4);
        place(desk, "apples", 2, 3);
        await().until(() -> heard.contains("shipped"));
        place(desk, "apples", 1000, 0);
        await().until(() -> heard.containsAll(List.of("sold-out", "cancelled", "refunded")));
        place(desk, "pears", 20, 300);
        await().until(() -> heard.containsAll(List.of("declined", "unpacked")));
        assertThat(desk.request("order", new JsonObject().put("item", "x"))
                        .transform(done -> io.vertx.core.Future.succeededFuture(done.cause()))
                        .await())
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(FailureCode.INVALID_EVENT));
    }

    private static JsonObject place(Emitter desk, String item, int count, int price) {
        JsonObject order =
                new JsonObject().put("item", item).put("count", count).put("price", price);
        return (JsonObject) desk.request("order", order).await();
    }

    @Test
    void theBoardTellsOfTheLastMinute(
            @At("host.metrics") Emitter metrics,
            @At("board.hosts") Emitter board,
            @At("board.hosts.now") Emitter asked,
            WeirTime time) {
        List<JsonArray> heard = new CopyOnWriteArrayList<>();
        board.on("summary", (JsonArray hosts, Event event) -> heard.add(hosts));
        board.ready().await();
        deploy("board.js", new JsonObject());
        await().until(() -> metrics.listeners().await() == 1);
        for (double cpu : new double[] {0.25, 0.75}) {
            metrics.emit(
                            "metrics",
                            new JsonObject()
                                    .put("cpu", cpu)
                                    .put("load", 1)
                                    .put(
                                            "memory",
                                            new JsonObject().put("total", 100).put("used", 40)),
                            dev.weir.emitter.EmitOptions.key("box"))
                    .await();
        }
        await().until(() ->
                !heard.isEmpty() && heard.get(heard.size() - 1).getJsonObject(0).getInteger("samples") == 2);
        JsonObject box = ((JsonArray) asked.request("now", null).await()).getJsonObject(0);
        assertThat(box.getString("host")).isEqualTo("box");
        assertThat(box.getJsonObject("cpu"))
                .isEqualTo(new JsonObject().put("now", 0.75).put("mean", 0.5).put("most", 0.75));
        assertThat(box.getJsonObject("memory").getDouble("mean")).isEqualTo(0.4);
        time.advance("2m");
        await().until(() -> heard.get(heard.size() - 1).isEmpty());
    }

    @Test
    void theProgramOfOneProcessAndThatOfManySayTheSame(@At("orders") Emitter orders) throws IOException {
        Matcher programs = PROGRAM.matcher(Files.readString(Path.of("docs/from-eventemitter.md")));
        while (programs.find()) {
            rig.file(programs.group(2), programs.group(1));
        }
        List<String> said = List.of("ship 7", "keep 8");
        assertThat(rig.run(folder.resolve("one.js"))).isEqualTo(said);
        rig.deploy(folder.resolve("billing.js"), new JsonObject());
        await().until(() -> orders.listeners().await() == 1);
        rig.deploy(folder.resolve("shop.js"), new JsonObject());
        await().until(() -> rig.lines().size() == 4);
        assertThat(rig.lines().subList(2, 4)).isEqualTo(said);
    }
}
