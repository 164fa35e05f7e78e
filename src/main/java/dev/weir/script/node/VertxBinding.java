package dev.weir.script.node;

import com.oracle.truffle.api.object.DynamicObject;
import dev.weir.bus.Addresses;
import dev.weir.script.Instances;
import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** What {@code require('vertx')} needs of Vert.x. Owned by the script's loop; consumers are given back when the script ends. */
public final class VertxBinding {
    private static final DeliveryOptions PLAIN = new DeliveryOptions();

    private final ScriptHost host;
    private final Settling settling;
    private final boolean awaitsWrites;
    private @Nullable Instances messages;

    VertxBinding(ScriptHost host) {
        this.host = host;
        this.settling = new Settling(host);
        this.awaitsWrites = host.settings().program() && host.vertx().isClustered();
    }

    /** What messages are: before anything else. {@code sample} has one key, under which they have their body. */
    @HostAccess.Export
    public void messages(DynamicObject prototype, DynamicObject sample, Value setBody) {
        messages = host.values().instances(prototype, sample, setBody);
    }

    /** Hears messages of an address: {@code heard(message)}. */
    @HostAccess.Export
    public Consumer consumer(String address, boolean local, Value heard) {
        checkOpen(address);
        return new Consumer(address, local, heard);
    }

    /** Messages of an address, until it is unregistered. */
    public final class Consumer {
        private final MessageConsumer<Object> consumer;
        private final ScriptLoop.Handle handle = host.loop().handle();

        private Consumer(String address, boolean local, Value heard) {
            consumer = local
                    ? host.vertx().eventBus().localConsumer(address)
                    : host.vertx().eventBus().consumer(address);
            host.onClose(consumer::unregister);
            consumer.handler(message -> tell(heard, message));
        }

        private void tell(Value heard, Message<Object> message) {
            if (!host.loop().closed()) {
                host.loop().enter(heard, heard(message));
            }
        }

        /** Settles once the whole cluster knows. */
        @HostAccess.Export
        public void completion(Value done) {
            settling.settle(consumer.completion(), done, Settling::nothing);
        }

        /** Hears no more. */
        @HostAccess.Export
        public void unregister(Value done) {
            handle.close();
            settling.settle(consumer.unregister(), done, Settling::nothing);
        }
    }

    private Object heard(Message<Object> message) {
        return Objects.requireNonNull(messages, "the module has said what messages are")
                .of(message, message.body());
    }

    private Message<?> of(DynamicObject heard) {
        if (Instances.host(heard) instanceof Message<?> message) {
            return message;
        }
        throw host.error("TypeError", null, "this is no message: call its methods on it");
    }

    /** Where it was sent. */
    @HostAccess.Export
    public String address(DynamicObject heard) {
        return of(heard).address();
    }

    /** Where an answer is awaited; null where none is. */
    @HostAccess.Export
    public @Nullable String replyAddress(DynamicObject heard) {
        return of(heard).replyAddress();
    }

    /** Whether it was sent to one rather than to all. */
    @HostAccess.Export
    public boolean isSend(DynamicObject heard) {
        return of(heard).isSend();
    }

    /** Answers. */
    @HostAccess.Export
    public void reply(DynamicObject heard, Value body, @Nullable String headers) {
        of(heard).reply(host.values().toJava(body), options(headers, 0));
    }

    /** Answers with an object, which takes less than with any value. */
    @HostAccess.Export
    public void replyObject(DynamicObject heard, DynamicObject body, @Nullable String headers) {
        of(heard).reply(host.values().toJava(body), options(headers, 0));
    }

    /** Answers, and waits for an answer to that. */
    @HostAccess.Export
    public void replyAndRequest(
            DynamicObject heard, Value body, @Nullable String headers, double timeoutMillis, Value done) {
        settling.settle(
                of(heard).<Object>replyAndRequest(host.values().toJava(body), options(headers, timeoutMillis)),
                done,
                this::heard);
    }

    /** Answers that it went wrong. */
    @HostAccess.Export
    public void fail(DynamicObject heard, int code, String text) {
        of(heard).fail(code, text);
    }

    /** Its headers as JSON text; null when it has none. */
    @HostAccess.Export
    public @Nullable String headers(DynamicObject heard) {
        MultiMap headers = of(heard).headers();
        return headers.isEmpty() ? null : textOf(headers);
    }

    /** Sends to all who listen. */
    @HostAccess.Export
    public void publish(String address, Value body, @Nullable String headers) {
        checkOpen(address);
        Object data = host.values().toJava(body);
        if (awaitsWrites) {
            awaitWritten(host.vertx().eventBus().publisher(address, options(headers, 0)), data);
        } else {
            host.vertx().eventBus().publish(address, data, options(headers, 0));
        }
    }

    /** Sends to one of those who listen. */
    @HostAccess.Export
    public void send(String address, Value body, @Nullable String headers) {
        checkOpen(address);
        Object data = host.values().toJava(body);
        if (awaitsWrites) {
            awaitWritten(host.vertx().eventBus().sender(address, options(headers, 0)), data);
        } else {
            host.vertx().eventBus().send(address, data, options(headers, 0));
        }
    }

    /** A program does not end before what it has sent is on its way to other members. */
    private void awaitWritten(MessageProducer<Object> producer, @Nullable Object data) {
        ScriptLoop.Handle handle = host.loop().handle();
        producer.write(data).onComplete(written -> handle.close());
    }

    /** Sends to one of those who listen and waits for the answer. */
    @HostAccess.Export
    public void request(String address, Value body, @Nullable String headers, double timeoutMillis, Value done) {
        checkOpen(address);
        settling.settle(
                host.vertx().eventBus().request(address, host.values().toJava(body), options(headers, timeoutMillis)),
                done,
                this::heard);
    }

    /** Deploys a verticle; the result is its id. */
    @HostAccess.Export
    public void deploy(String name, @Nullable String options, Value done) {
        DeploymentOptions how =
                options == null ? new DeploymentOptions() : new DeploymentOptions(new JsonObject(options));
        settling.settle(host.vertx().deployVerticle(name, how), done, id -> id);
    }

    /** Ends a verticle. */
    @HostAccess.Export
    public void undeploy(String id, Value done) {
        settling.settle(host.vertx().undeploy(id), done, Settling::nothing);
    }

    /** The id of this verticle's deployment. */
    @HostAccess.Export
    public String deploymentId() {
        return host.context().deploymentID();
    }

    private void checkOpen(String address) {
        if (address.isEmpty() || Addresses.isInternal(address)) {
            throw host.error(
                    "TypeError",
                    null,
                    "'" + address + "' is no address for scripts: choose one that does not begin with __");
        }
    }

    private static DeliveryOptions options(@Nullable String headers, double timeoutMillis) {
        if (headers == null && timeoutMillis <= 0) {
            return PLAIN;
        }
        DeliveryOptions options = new DeliveryOptions();
        if (headers != null) {
            new JsonObject(headers).forEach(header -> options.addHeader(header.getKey(), "" + header.getValue()));
        }
        return timeoutMillis > 0 ? options.setSendTimeout((long) Math.max(1, timeoutMillis)) : options;
    }

    private static String textOf(MultiMap headers) {
        JsonObject json = new JsonObject();
        for (Map.Entry<String, String> header : headers) {
            json.put(header.getKey(), header.getValue());
        }
        return json.encode();
    }
}
