package dev.weir.edge.fanout;

import dev.weir.bus.Addresses;
import dev.weir.bus.AddressesInUse;
import dev.weir.bus.Counters;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Journal;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Refusal;
import dev.weir.bus.Spans;
import dev.weir.bus.Wire;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of one event loop. Events of one tick are encoded as they arrive and written when the loop has run what was
 * already queued, so bursts coalesce without a timer; each socket is flushed once. A group keeps its bus consumer for 30 s
 * after its last session, because every registration costs the whole cluster; its address is not in use then, so it does not
 * count for {@code max-addresses}, but no loop keeps more than a thousand such groups. Owned by that event loop.
 */
public final class Fanout {
    /** For how long nothing comes before a session is told its position, if it wants to know. */
    public static final Duration QUIET = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Fanout.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LINGER = Duration.ofSeconds(30);
    private static final int MOST_LINGERING = 1_000;
    private static final int HOPS_ALLOWED = 3;

    private final EventBus bus;
    private final Clock clock;
    private final Timers timers;
    private final EventLoop loop;
    private final ByteBufAllocator allocator;
    private final Counters counters;
    private final Supplier<@Nullable Journal> journal;
    private final AddressesInUse inUse;
    private final Spans spans;
    private final Backlog backlog;
    private final Pacer pacer;
    private final Encoder encoder = new Encoder();
    private final Map<String, Group> groups = new HashMap<>();
    /** The longest first. */
    private final Map<String, Timers.Timer> lingering = new LinkedHashMap<>();

    private final List<Outlet> touched = new ArrayList<>();
    private List<Group> dirty = new ArrayList<>();
    private List<Group> spare = new ArrayList<>();
    private long tickBegan;
    private long ofThisTick;

    /**
     * A fan-out that lives on {@code loop}.
     *
     * @param later runs what it is given on that loop, once it has looked at its sockets and done all that waits there now
     * @param journal what keeps events, null while nothing does
     * @param inUse shared with all other loops
     * @param spans records what becomes of sampled events
     */
    public Fanout(
            EventBus bus,
            Clock clock,
            Timers timers,
            EventLoop loop,
            Executor later,
            ByteBufAllocator allocator,
            Counters counters,
            Supplier<@Nullable Journal> journal,
            AddressesInUse inUse,
            Spans spans) {
        this.spans = spans;
        this.journal = journal;
        this.inUse = inUse;
        this.bus = bus;
        this.clock = clock;
        this.timers = timers;
        this.loop = loop;
        this.allocator = allocator;
        this.counters = counters;
        this.backlog = new Backlog(counters);
        this.pacer = new Pacer(later, timers);
        timers.every(SECOND, () -> groups.values().forEach(Group::secondPassed));
    }

    /**
     * Adds a session to the group of an address or pattern.
     *
     * @return completes when the group hears the whole cluster; fails with a {@link Refusal}
     */
    public Future<Void> join(String address, Policy policy, Outlet outlet) {
        return join(address, policy, outlet, Start.NOW);
    }

    /**
     * Adds a session to the group of an address, beginning where it wants; that matters on journaled addresses only, and only there
     * it is told.
     *
     * @return completes when the session misses nothing from then on; fails with a {@link Refusal}
     */
    public Future<Void> join(String address, Policy policy, Outlet outlet, Start start) {
        if (outlet.isClosed()) {
            return Future.succeededFuture();
        }
        Group group = groups.get(address);
        if (group == null || !group.isInUse()) {
            if (!inUse.begin(address, policy)) {
                return Future.failedFuture(new Refusal(FailureCode.TOO_MANY_ADDRESSES));
            }
            group = group == null ? create(address, policy) : group.use(true);
        }
        Timers.Timer timer = lingering.remove(address);
        if (timer != null) {
            timer.cancel();
        }
        outlet.attach(backlog);
        if (!group.isJournaled()) {
            group.add(outlet);
            return group.ready();
        }
        Group own = group;
        own.expect(outlet);
        return own.ready()
                .compose(ready -> Joining.join(own, journal(), outlet, start))
                .onComplete(done -> {
                    own.settle(outlet);
                    restIfEmpty(own);
                });
    }

    private Group create(String address, Policy policy) {
        String busAddress = Addresses.isPattern(address) ? Addresses.ofPattern(address) : address;
        Group group = new Group(this, address, busAddress, policy);
        groups.put(address, group);
        group.use(true);
        group.ready().onFailure(failure -> abandon(group));
        return group;
    }

    /** The bus or the journal refused the group: the next session tries anew. */
    private void abandon(Group group) {
        groups.remove(group.address(), group);
        Timers.Timer timer = lingering.remove(group.address());
        if (timer != null) {
            timer.cancel();
        }
        endUse(group);
        group.leaveBus();
    }

    /** Takes a session out of a group, also one that is still joining. */
    public void leave(String address, Outlet outlet) {
        Group group = groups.get(address);
        if (group != null) {
            group.settle(outlet);
            group.remove(outlet);
            restIfEmpty(group);
        }
    }

    private void restIfEmpty(Group group) {
        if (!group.isInUse() || !group.isEmpty()) {
            return;
        }
        endUse(group);
        String address = group.address();
        if (address.startsWith(Addresses.TAP_PREFIX)) {
            // Nobody comes back to a tap, and it costs as long as somebody seems to listen.
            drop(address);
            return;
        }
        lingering.put(address, timers.after(LINGER, () -> drop(address)));
        if (lingering.size() > MOST_LINGERING) {
            Map.Entry<String, Timers.Timer> longest =
                    lingering.entrySet().iterator().next();
            longest.getValue().cancel();
            drop(longest.getKey());
        }
    }

    private void endUse(Group group) {
        if (group.isInUse()) {
            group.use(false);
            inUse.end(group.address());
        }
    }

    /**
     * Looks up the policy of each group again, after a reload; a group without one keeps its own until it is empty. Where events are
     * kept now and were not, or the other way, sessions come again.
     */
    public void adopt(Function<String, Policy> policyOf) {
        for (Group group : List.copyOf(groups.values())) {
            try {
                Policy policy = policyOf.apply(group.address());
                if (group.isOfAnotherKind(policy)) {
                    retire(group);
                    continue;
                }
                group.adopt(policy);
                inUse.adopt(group.address(), policy);
            } catch (Refusal undeclared) {
                LOG.debug("{} is not declared any more", group.address(), undeclared);
            }
        }
    }

    private void retire(Group group) {
        Timers.Timer timer = lingering.get(group.address());
        if (timer != null) {
            timer.cancel();
        }
        endUse(group);
        drop(group.address());
        group.retire();
    }

    /** Where a session is on a journaled address; null while it is not there yet, and where something came in the last {@link #QUIET}. */
    public @Nullable Position quiet(String address, Outlet outlet) {
        Group group = groups.get(address);
        return group != null && group.isQuietFor(outlet) ? group.position() : null;
    }

    /** Takes the numbers of one group. */
    @FunctionalInterface
    public interface Census {
        /**
         * Sessions of this loop that listen to an address or pattern; both are 0 for a group that lingers.
         *
         * @param bridge sessions of the bridge
         * @param sse streams of server-sent events
         */
        void group(String address, int bridge, int sse);
    }

    /** Tells of every group. Each has one consumer on the bus. */
    public void census(Census census) {
        groups.forEach((address, group) -> census.group(address, group.size() - group.streams(), group.streams()));
    }

    private void drop(String address) {
        lingering.remove(address);
        Group group = groups.remove(address);
        if (group != null) {
            group.leaveBus();
        }
    }

    @Nullable
    Journal journal() {
        return journal.get();
    }

    Pacer pacer() {
        return pacer;
    }

    Timers timers() {
        return timers;
    }

    EventBus bus() {
        return bus;
    }

    Encoder encoder() {
        return encoder;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    Counters counters() {
        return counters;
    }

    Spans spans() {
        return spans;
    }

    void delivered(String address, long events, long bytes) {
        ofThisTick += events;
        counters.traffic.out(address, events);
        counters.delivered.add(events);
        counters.deliveredBytes.add(bytes);
    }

    void schedule(Group group) {
        dirty.add(group);
        if (dirty.size() == 1) {
            tickBegan = clock.nanos();
            ofThisTick = 0;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        List<Group> now = dirty;
        dirty = spare;
        spare = now;
        if (now.size() == 1) {
            now.get(0).flush(allocator, null);
        } else {
            for (Group group : now) {
                group.flush(allocator, touched);
            }
            touched.forEach(Outlet::flush);
            touched.clear();
        }
        now.clear();
        // All of a tick as late as its first: two looks at the clock for any number of events.
        counters.delivery.add(clock.nanos() - tickBegan, ofThisTick);
    }

    /** A message for one listener came to a group whose sessions had just left: let the bus choose again. */
    void passOn(Message<Object> message) {
        String hops = message.headers().get(Wire.HOPS);
        int made = hops == null ? 0 : hops.length();
        if (made >= HOPS_ALLOWED) {
            message.fail(FailureCode.NO_HANDLERS.number(), FailureCode.NO_HANDLERS.word());
            return;
        }
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().addAll(message.headers()).set(Wire.HOPS, ".".repeat(made + 1));
        DeliveryOptions options = new DeliveryOptions().setHeaders(headers);
        if (message.replyAddress() == null) {
            bus.send(message.address(), message.body(), options);
        } else {
            bus.request(message.address(), message.body(), options)
                    .onSuccess(reply -> message.reply(reply.body(), new DeliveryOptions().setHeaders(reply.headers())))
                    .onFailure(
                            failure -> message.fail(FailureCode.NO_HANDLERS.number(), FailureCode.NO_HANDLERS.word()));
        }
    }
}
