package dev.weir.edge.bridge;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Policy;
import dev.weir.bus.Position;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.bus.Wire;
import dev.weir.edge.Attendance;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.LoopServices;
import dev.weir.edge.SessionInfo;
import dev.weir.edge.Wish;
import dev.weir.edge.fanout.Fanout;
import dev.weir.edge.fanout.Outlet;
import dev.weir.edge.fanout.Start;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one session of the bridge listens to, and where it is present. Owned by the session's event loop. */
final class Registrations {
    private final EdgeServices edge;
    private final Fanout fanout;
    private final Outlet outlet;
    private final Answers answers;
    private final Attendance attendance;
    private final Map<String, Policy> registered = new HashMap<>(2);
    private boolean closed;
    private boolean speaksWeir;

    Registrations(LoopServices loop, SessionInfo info, Outlet outlet, Answers answers) {
        this.edge = loop.edge();
        this.fanout = loop.fanout();
        this.outlet = outlet;
        this.answers = answers;
        this.attendance = new Attendance(loop, info, outlet);
    }

    /** By address. */
    Map<String, Policy> all() {
        return registered;
    }

    Attendance attendance() {
        return attendance;
    }

    /** Whether the client showed that it knows Weir's additions to the protocol. */
    boolean speaksWeir() {
        return speaksWeir;
    }

    /** Registers; on an address that is registered already, it only says something of its presence. */
    Future<Void> register(Frame frame, Principal who) {
        String address = frame.address();
        boolean again = registered.containsKey(address);
        try {
            Wish wish = wish(frame);
            if (registered.size() >= edge.config().registrationsPerSession() && (!again || wish == null)) {
                throw new Refusal(FailureCode.MAX_HANDLERS_REACHED);
            }
            if (again && wish == null) {
                throw new Refusal(FailureCode.ADDRESS_ALREADY_REGISTERED);
            }
            return maySubscribe(address, who)
                    .compose(policy -> attendance
                            .prepare(wish, address, policy, who)
                            .compose(entrance -> again
                                    ? Future.succeededFuture(entrance)
                                    : decideAgain(address, policy, who)
                                            .compose(now -> join(frame, now, who))
                                            .map(entrance)))
                    .onSuccess(entrance -> enter(frame, wish, entrance))
                    .mapEmpty();
        } catch (Refusal refusal) {
            edge.counters().refused(refusal.code()).increment();
            return Future.failedFuture(refusal);
        }
    }

    /** Whether it may listen there; refusals are counted. */
    Future<Policy> maySubscribe(String address, Principal who) {
        return edge.authorizer().maySubscribe(who, address).onFailure(failure -> {
            if (failure instanceof Refusal refusal) {
                edge.counters().refused(refusal.code()).increment();
            }
        });
    }

    private @Nullable Wish wish(Frame frame) {
        var headers = frame.headers();
        return Wish.of(
                Wire.PRESENCE,
                headers.get(Wire.PRESENCE),
                headers.get(Wire.PRESENCE_DATA),
                headers.get(Wire.PRESENCE_KEY),
                edge.roster().limits());
    }

    /** What was allowed may not be any more where a reload came while the answer was waited for. */
    private Future<Policy> decideAgain(String address, Policy policy, Principal who) {
        try {
            return edge.authorizer().policyOf(address).equals(policy)
                    ? Future.succeededFuture(policy)
                    : maySubscribe(address, who);
        } catch (Refusal undeclared) {
            return Future.failedFuture(undeclared);
        }
    }

    private Future<Void> join(Frame frame, Policy policy, Principal who) {
        if (closed) {
            return Future.succeededFuture();
        }
        String address = frame.address();
        registered.put(address, policy);
        if (Addresses.isPattern(address)) {
            edge.publisher().serves(address);
        }
        speaksWeir |= frame.speaksWeir();
        Resuming resuming = new Resuming(frame, answers);
        return resuming.start(edge.authorizer(), policy, who)
                .compose(start -> joinUnlessRevoked(address, policy, start))
                .onSuccess(ready -> {
                    // The right can have ended while the group was waited for; that was told.
                    if (registered.containsKey(address)) {
                        resuming.complete();
                    }
                })
                .onFailure(failure -> registered.remove(address))
                .recover(failure -> Future.failedFuture(
                        failure instanceof Refusal ? failure : new Refusal(FailureCode.REGISTRATION_FAILURE)));
    }

    /** Whether it may resume can have been asked for long enough for the right to end, or the client to leave. */
    private Future<Void> joinUnlessRevoked(String address, Policy policy, Start start) {
        return registered.containsKey(address)
                ? fanout.join(address, policy, outlet, start)
                : Future.failedFuture(new Refusal(FailureCode.ACCESS_DENIED));
    }

    private void enter(Frame frame, @Nullable Wish wish, Attendance.Entrance entrance) {
        if (wish == null || !registered.containsKey(frame.address())) {
            return;
        }
        speaksWeir = true;
        entrance.enter().run();
        String reply = frame.replyAddress();
        if (reply != null) {
            answers.present(reply, entrance.id());
        }
    }

    /** True when it was registered. */
    boolean remove(String address) {
        boolean was = registered.remove(address) != null;
        if (was) {
            attendance.left(address);
            fanout.leave(address, outlet);
        }
        return was;
    }

    /** Says where the client is on each journaled address on which nothing came for a while. */
    void tellPositions() {
        registered.forEach((address, policy) -> {
            Position at = policy.isJournaled() ? fanout.quiet(address, outlet) : null;
            if (at != null) {
                answers.position(address, at);
            }
        });
    }

    /** The session has ended. */
    void close() {
        closed = true;
        attendance.closed();
        registered.keySet().forEach(address -> fanout.leave(address, outlet));
        registered.clear();
    }
}
