package dev.weir.edge;

import dev.weir.bus.Authorizer;
import dev.weir.bus.FailureCode;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.fanout.Fanout;
import dev.weir.event.EventHeaders;
import dev.weir.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Ends rights of open sessions that no longer hold: once per second of those whose token expired, of one that shows another token at
 * once, and of all sessions after a reload, which also ends sessions of users of the console who are no more or may other things. Owned by its event loop.
 */
final class RightsSweep {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** Decisions that were on their way while a token expired are looked at once more. */
    private static final long OVERLAP_MILLIS = 10_000;

    private final Authorizer authorizer;
    private final Authenticator authenticator;
    private final Clock clock;
    private final Sessions sessions;
    private final Fanout fanout;
    private long sweptMillis;

    private RightsSweep(EdgeServices edge, Sessions sessions, Fanout fanout) {
        this.authorizer = edge.authorizer();
        this.authenticator = edge.authenticator();
        this.clock = edge.clock();
        this.sessions = sessions;
        this.fanout = fanout;
        this.sweptMillis = clock.millis();
    }

    /** Begins to sweep, and to answer {@link LocalAnswers#RECHECK}. */
    static void start(EdgeServices edge, Sessions sessions, Fanout fanout) {
        RightsSweep sweep = new RightsSweep(edge, sessions, fanout);
        edge.timers().every(PERIOD, sweep::expired);
        sessions.rechecking(sweep::recheck);
        edge.answers().answer(LocalAnswers.RECHECK, query -> sweep.recheckAll());
    }

    private void expired() {
        long now = clock.millis();
        for (Session session : sessions.all()) {
            Principal who = session.who();
            long end = who.expiresAtMillis();
            if (who.sub() != null && end <= now && end > sweptMillis - OVERLAP_MILLIS) {
                recheck(session);
            }
        }
        sweptMillis = now;
    }

    private JsonObject recheckAll() {
        fanout.adopt(authorizer::policyOf);
        List<Session> all = sessions.all();
        for (Session session : all) {
            if (authenticator.stands(session.who())) {
                recheck(session);
            } else {
                session.close(CloseCode.REVOKED);
            }
        }
        return new JsonObject().put("rechecked", all.size());
    }

    private void recheck(Session session) {
        for (String address : List.copyOf(session.registrations().keySet())) {
            check(session.who(), address, Action.SUBSCRIBE)
                    .onFailure(failure -> session.revoke(address, reason(session, failure)));
        }
        for (String address : session.attendance().addresses()) {
            check(session.who(), address, Action.PRESENCE)
                    .onFailure(failure -> session.attendance().revoke(address, reason(session, failure)));
        }
    }

    private Future<Void> check(Principal who, String address, Action action) {
        try {
            Policy policy = authorizer.policyOf(address);
            return authorizer.check(policy, who, action, address, EventHeaders.DEFAULT_TYPE);
        } catch (Refusal undeclared) {
            return Future.failedFuture(undeclared);
        }
    }

    private Refusal reason(Session session, Throwable failure) {
        Principal who = session.who();
        if (who.sub() != null && !who.signedIn(clock.millis())) {
            return new Refusal(FailureCode.NOT_LOGGED_IN, "the token has expired");
        }
        return failure instanceof Refusal refusal ? refusal : new Refusal(FailureCode.AUTH_ERROR);
    }
}
