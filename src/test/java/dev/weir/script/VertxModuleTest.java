package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code require('vertx')} on a plain Vert.x instance. */
class VertxModuleTest {
    @TempDir
    private Path folder;

    private Vertx vertx;
    private ScriptRig rig;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
        rig = new ScriptRig(vertx, folder);
    }

    @AfterEach
    void end() {
        vertx.close().await();
    }

    private List<String> run(String body) {
        return rig.run(
                "const vertx = require('vertx');\nconst { eventBus } = vertx;\n(async () => {\n" + body + "\n})();\n");
    }

    @Test
    void messagesArePublishedSentAndAnswered() {
        assertThat(run("""
                const news = eventBus.consumer('news', message => console.log(message.address(), message.body().n, message.headers().get('A'), message.isSend()));
                const sums = vertx.eventBus().consumer('sums', message => {
                  const [a, b] = message.body();
                  if (Number.isFinite(a + b)) message.reply(a + b, {headers: {unit: 'apples'}});
                  else message.fail(7, 'no numbers');
                });
                await Promise.all([news.completion(), sums.completion()]);
                eventBus.publish('news', {n: 1}, {headers: {a: 'x'}}).send('news', {n: 2});
                const sum = await eventBus.request('sums', [1, 2]);
                console.log(sum.body(), sum.headers().unit);
                await eventBus.request('sums', ['a', 2]).catch(error => console.log(error.failureType, error.failureCode, error.message));
                await eventBus.request('nobody', 1).catch(error => console.log(error.failureType, error.code));
                await new Promise(resolve => eventBus.request('sums', [3, 4], (reply, error) => resolve(console.log(reply.body(), error))));
                await news.unregister();
                await sums.unregister();
                console.log(sums.isRegistered());
                """))
                .containsExactly(
                        "news 1 x false",
                        "news 2 undefined true",
                        "3 apples",
                        "RECIPIENT_FAILURE 7 no numbers",
                        "NO_HANDLERS no_handlers",
                        "7 undefined",
                        "false");
    }

    @Test
    void conversationsGoOn() throws Exception {
        vertx.eventBus().<String>consumer("java", message -> message.replyAndRequest("name?")
                .onSuccess(answer -> answer.reply("hello " + answer.body())));
        assertThat(run("""
                const first = await eventBus.request('java', 'hi');
                console.log(first.body());
                const second = await first.replyAndRequest('eve');
                console.log(second.body());
                """)).containsExactly("name?", "hello eve");
    }

    @Test
    void bytesAndNullTravel() throws Exception {
        rig.deploy("""
                require('vertx').eventBus.consumer('echo', message => message.reply(message.body(), {headers: {...message.headers()}}));
                """, new JsonObject());
        for (Object body : new Object[] {null, 1, 2.5, "x", true, new JsonObject().put("a", 1)}) {
            Message<Object> echo = vertx.eventBus()
                    .request("echo", body, new DeliveryOptions().addHeader("h", "v"))
                    .await(60, TimeUnit.SECONDS);
            assertThat(echo.body()).isEqualTo(body);
            assertThat(echo.headers().get("h")).isEqualTo("v");
        }
    }

    @Test
    void verticlesAreDeployedAndEnded() {
        rig.file("child.js", """
                const { eventBus } = require('vertx');
                eventBus.consumer('child', message => message.reply(require('weir').config.name));
                """);
        vertx.registerVerticleFactory(new ScriptVerticleFactory(ScriptSettings.of(folder), ScriptMeters.NONE));
        assertThat(run("""
                const id = await vertx.deployVerticle('js:child.js', {config: {name: 'eve'}});
                console.log((await eventBus.request('child', null)).body());
                await vertx.undeploy(id);
                await eventBus.request('child', null).catch(error => console.log(error.code));
                await vertx.deployVerticle('js:none.js').catch(error => console.log('not there'));
                console.log(typeof vertx.deploymentID());
                """)).containsExactly("eve", "no_handlers", "not there", "string");
    }

    @Test
    void timersAreThoseOfVertx() {
        assertThat(run("""
                let n = 0;
                const gone = vertx.setTimer(5, () => console.log('never'));
                console.log(vertx.cancelTimer(gone), vertx.cancelTimer(gone));
                await new Promise(resolve => {
                  const id = vertx.setPeriodic(1, own => {
                    console.log(own === id);
                    if (++n === 2) resolve(vertx.cancelTimer(id));
                  });
                });
                await new Promise(resolve => vertx.setTimer(1, resolve));
                vertx.runOnContext(() => console.log('later'));
                """)).containsExactly("true false", "true", "true", "later");
    }

    @Test
    void wrongUseIsSaid() {
        assertThat(run("""
                for (const wrong of [() => eventBus.consumer('__weir.desk', () => {}), () => eventBus.send(7), () => eventBus.consumer('a', 1),
                  () => vertx.setTimer(1)]) {
                  try { wrong(); } catch (error) { console.log(error.name); }
                }
                await eventBus.consumer('a').completion().catch(error => console.log(error.message));
                """))
                .containsExactly(
                        "TypeError", "TypeError", "TypeError", "TypeError", "the consumer of 'a' has no handler");
    }
}
