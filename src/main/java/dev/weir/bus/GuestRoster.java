package dev.weir.bus;

import dev.weir.config.PresenceConfig;
import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is on which address, for a member of the cluster that is no node: it asks one of the nodes, which answers when something has
 * changed or after a while. A node that does not answer is given up for another, whose list says what changed meanwhile. Nobody here
 * can be on an address. Thread-safe; watchers are told on the context that began to watch.
 */
final class GuestRoster implements Roster {
    private static final int WAIT_MILLIS = 2_000;
    private static final long ANSWER_MILLIS = WAIT_MILLIS + 3_000;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final AnyNode nodes;
    private final Map<Watcher, Watching> watching = new ConcurrentHashMap<>();

    GuestRoster(Vertx vertx) {
        this.vertx = vertx;
        this.nodes = new AnyNode(vertx);
    }

    @Override
    public boolean admits() {
        return false;
    }

    @Override
    public void watch(String address, String session, Watcher watcher) {
        Watching begun = new Watching(address, session, watcher);
        watching.put(watcher, begun);
        begun.context.runOnContext(turn -> begun.choose());
    }

    @Override
    public void unwatch(String address, Watcher watcher) {
        Watching ended = watching.remove(watcher);
        if (ended != null) {
            ended.closed = true;
        }
    }

    /** One watcher of one address. Used on its context, but for its end. */
    private final class Watching {
        private final String address;
        private final String session;
        private final Watcher watcher;
        private final Context context = vertx.getOrCreateContext();
        private @Nullable String seen;
        private boolean delayed;
        private volatile boolean closed;

        Watching(String address, String session, Watcher watcher) {
            this.address = address;
            this.session = session;
            this.watcher = watcher;
        }

        /** One node is asked all the time: another may know of a change a little later, and take it back. */
        private void choose() {
            if (!closed) {
                nodes.ask(AnyNode.question("node", address))
                        .onSuccess(node -> ask(((JsonObject) node).getString("node")))
                        .onFailure(this::failed);
            }
        }

        private void ask(String node) {
            if (!closed) {
                JsonObject question = AnyNode.question("presence", address);
                nodes.ask(
                                Addresses.DESK_PREFIX + node,
                                question.put(PresenceWire.WAIT, WAIT_MILLIS).put(PresenceWire.SEEN, seen),
                                ANSWER_MILLIS)
                        .onSuccess(answer -> answered(node, (JsonObject) answer))
                        .onFailure(this::failed);
            }
        }

        private void answered(String node, JsonObject answer) {
            JsonObject list = answer.getJsonObject(PresenceWire.LIST);
            if (list != null && !closed) {
                PresenceNews news = PresenceNews.ofList(list);
                if (seen == null) {
                    watcher.begins(List.of(session), news);
                } else {
                    watcher.told(news);
                }
                seen = answer.getString(PresenceWire.SEEN);
            }
            Timers.of(vertx).after(PAUSE, () -> ask(node));
        }

        private void failed(Throwable why) {
            if (!closed && seen == null && !delayed) {
                delayed = true;
                watcher.delayed(why);
            }
            Timers.of(vertx).after(AGAIN, this::choose);
        }
    }

    private static UnsupportedOperationException notHere() {
        return new UnsupportedOperationException("only verticles inside a Weir node are on addresses themselves");
    }

    @Override
    public PresenceConfig limits() {
        throw notHere();
    }

    @Override
    public void join(String address, String session, Attendee who) {
        throw notHere();
    }

    @Override
    public void leave(String address, String session) {
        throw notHere();
    }

    @Override
    public void lost(String address, String session) {
        throw notHere();
    }

    @Override
    public Future<Map<String, Integer>> counts() {
        return Future.failedFuture(notHere());
    }

    @Override
    public Future<PresenceNews> list(String address, int limit) {
        return Future.failedFuture(notHere());
    }
}
