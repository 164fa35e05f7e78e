package dev.weir.presence;

import dev.weir.bus.Addresses;
import dev.weir.bus.Attendee;
import dev.weir.bus.PresenceNews;
import dev.weir.bus.Roster;
import dev.weir.config.PresenceConfig;
import dev.weir.presence.Entry.Spot;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The node's roster. One event loop owns all of it; who calls from elsewhere is queued. Nodes tell each other the changes of their
 * own entries and every 2 s their version, so whatever gets lost is made up for by then.
 */
public final class PresenceVerticle extends VerticleBase implements Roster {
    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final Duration ALIVE = Duration.ofSeconds(2);

    private final String node;
    private final PresenceConfig limits;
    private final Gathering gathering;
    private final OwnEntries own;
    private final Peers peers;
    private final Timers timers;

    /**
     * A roster, to be deployed.
     *
     * @param node the id of this node
     * @param members ids of all nodes of the cluster
     */
    public PresenceVerticle(
            String node,
            Clock clock,
            Timers timers,
            PresenceConfig limits,
            Supplier<List<String>> members,
            Tally tally) {
        this.node = node;
        this.limits = limits;
        this.timers = timers;
        this.gathering = new Gathering(timers, limits.members(), tally);
        this.own = new OwnEntries(node, clock, timers, limits.grace(), gathering, new BusMail(), tally);
        this.peers = new Peers(node, clock, limits.grace(), members, gathering, own, new BusMail(), tally);
    }

    @Override
    public Future<?> start() {
        share(vertx);
        timers.every(CHECK, () -> {
            peers.check();
            gathering.recount();
        });
        if (!vertx.isClustered()) {
            return Future.succeededFuture();
        }
        timers.every(ALIVE, own::alive);
        EventBus bus = vertx.eventBus();
        return Future.all(
                        bus.<JsonObject>consumer(Addresses.PRESENCE, letter -> peers.received(letter.body()))
                                .completion(),
                        bus.<JsonObject>consumer(
                                        Addresses.PRESENCE_PREFIX + node, letter -> peers.received(letter.body()))
                                .completion())
                .onSuccess(listening -> new BusMail().all(Letters.ask(node)));
    }

    @Override
    public PresenceConfig limits() {
        return limits;
    }

    @Override
    public void join(String address, String session, Attendee who) {
        context.runOnContext(here -> own.join(new Spot(address, session), who));
    }

    @Override
    public void leave(String address, String session) {
        context.runOnContext(here -> own.leave(new Spot(address, session)));
    }

    @Override
    public void lost(String address, String session) {
        context.runOnContext(here -> own.lost(new Spot(address, session)));
    }

    @Override
    public void watch(String address, String session, Watcher watcher) {
        context.runOnContext(here -> gathering.watch(address, session, watcher));
    }

    @Override
    public void unwatch(String address, Watcher watcher) {
        context.runOnContext(here -> gathering.unwatch(address, watcher));
    }

    @Override
    public Future<Map<String, Integer>> counts() {
        var answer = ((ContextInternal) vertx.getOrCreateContext()).<Map<String, Integer>>promise();
        context.runOnContext(here -> answer.complete(gathering.counts()));
        return answer.future();
    }

    @Override
    public Future<PresenceNews> list(String address, int limit) {
        var answer = ((ContextInternal) vertx.getOrCreateContext()).<PresenceNews>promise();
        context.runOnContext(here -> answer.complete(gathering.list(address, limit)));
        return answer.future();
    }

    /** Over the event bus, where there is somebody else. */
    private final class BusMail implements Mail {
        @Override
        public void all(JsonObject letter) {
            if (vertx.isClustered()) {
                vertx.eventBus().publish(Addresses.PRESENCE, letter);
            }
        }

        @Override
        public void one(String to, JsonObject letter) {
            vertx.eventBus().send(Addresses.PRESENCE_PREFIX + to, letter);
        }
    }
}
