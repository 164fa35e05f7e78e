package dev.weir.node;

import dev.weir.bus.AuditTrail;
import dev.weir.bus.AuditTrail.Actor;
import dev.weir.bus.LocalAnswers;
import dev.weir.config.ConfigException;
import dev.weir.config.Location;
import dev.weir.config.Origins;
import dev.weir.config.Problem;
import dev.weir.edge.Listening;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration anew and puts policies, keys, certificates and the log's settings in force without a restart. A configuration with a
 * problem changes nothing. Owned by the node verticle's event loop; one reload at a time.
 */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
    private static final String ADDRESSES = "addresses";
    private static final List<String> LIVE = List.of(
            ADDRESSES,
            "subscriptions",
            "auth.",
            "http.tls.",
            "log.",
            "tracing.sample",
            "tracing.asked",
            "tracing.otlp.");

    private static final Actor SIGNAL = new Actor(null, null, "signal");
    private static final String ACTION = "config.reloaded";

    private final Node node;
    private final NodeAuth auth;
    private final Listening listening;
    private final Function<NodeSettings, Future<Void>> prepare;
    private final Function<NodeSettings, Future<Void>> whenChanged;
    private NodeSettings inForce;
    private Future<JsonObject> last = Future.succeededFuture(new JsonObject());

    /**
     * @param prepare makes ready what new settings need; when it fails nothing changes
     * @param whenChanged makes parts of the node follow settings that are in force; waited for
     */
    Reload(
            Node node,
            NodeAuth auth,
            Listening listening,
            NodeSettings initial,
            Function<NodeSettings, Future<Void>> prepare,
            Function<NodeSettings, Future<Void>> whenChanged) {
        this.prepare = prepare;
        this.node = node;
        this.auth = auth;
        this.listening = listening;
        this.inForce = initial;
        this.whenChanged = whenChanged;
    }

    /**
     * Reloads. Fails with a {@link dev.weir.config.ConfigException} that has every problem; else answers {@code changed}, the
     * keys whose values changed, {@code restart}, those of them that need one, and the {@code digest} of the policies.
     */
    Future<JsonObject> run() {
        last = last.transform(before -> once());
        return last;
    }

    /** A reload that an operator's signal asked for: its answer goes to the log. */
    Future<JsonObject> onSignal() {
        return run().onSuccess(answer -> {
                    LOG.info("reloaded: {}", answer.encode());
                    AuditTrail.done(node.publisher(), SIGNAL, ACTION, answer);
                })
                .onFailure(failure -> {
                    LOG.error("not reloaded, nothing changed:\n{}", failure.getMessage());
                    AuditTrail.failed(node.publisher(), SIGNAL, ACTION, new JsonObject(), failure);
                });
    }

    private Future<JsonObject> once() {
        return node.vertx().executeBlocking(this::read).compose(fresh -> prepare.apply(fresh)
                .compose(prepared -> listening.useCertificate(ServerOptions.of(fresh.loaded())))
                .compose(served -> apply(fresh)));
    }

    /** A file that lost all its policies would close every address; whoever wants that says so. */
    private NodeSettings read() {
        NodeSettings fresh = inForce.again();
        boolean gone = fresh.loaded().config().addresses().isEmpty()
                && !inForce.loaded().config().addresses().isEmpty()
                && fresh.loaded().origins().at(ADDRESSES).equals(Location.NONE);
        if (gone) {
            throw new ConfigException(List.of(new Problem(
                    new Location(fresh.loaded().file().toString(), 1),
                    "the policies in force are gone: the file has no addresses:; was it cut off?",
                    "put them back, or write addresses: [] to close every address")));
        }
        return fresh;
    }

    private Future<JsonObject> apply(NodeSettings fresh) {
        JsonObject answer = describe(inForce.loaded().origins(), fresh.loaded().origins());
        inForce = fresh;
        node.policies().set(fresh.policies());
        node.authorizer().forgetAnswers();
        return whenChanged
                .apply(fresh)
                .compose(changed -> auth.use(fresh))
                .compose(used -> node.answers().ask(LocalAnswers.RECHECK, new JsonObject()))
                .map(rechecked -> answer.put("digest", fresh.policies().digest())
                        .put("policies", fresh.policies().all().size()));
    }

    private static JsonObject describe(Origins before, Origins after) {
        Map<String, String> old = values(before);
        Map<String, String> now = values(after);
        Set<String> changed = new LinkedHashSet<>(now.keySet());
        changed.addAll(old.keySet());
        changed.removeIf(key -> now.containsKey(key) && now.get(key).equals(old.get(key)));
        List<String> restart = changed.stream()
                .filter(key -> LIVE.stream().noneMatch(key::startsWith))
                .toList();
        return new JsonObject()
                .put("changed", new JsonArray(List.copyOf(changed)))
                .put("restart", new JsonArray(restart));
    }

    private static Map<String, String> values(Origins origins) {
        return origins.entries().stream()
                .filter(entry ->
                        !entry.at().equals(Location.NONE) || !entry.value().isEmpty())
                .collect(Collectors.toMap(Origins.Entry::key, Origins.Entry::value, (a, b) -> a));
    }
}
