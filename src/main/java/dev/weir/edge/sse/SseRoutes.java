package dev.weir.edge.sse;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.Permission.Action;
import dev.weir.bus.Policy;
import dev.weir.bus.Principal;
import dev.weir.bus.Refusal;
import dev.weir.edge.Attendance;
import dev.weir.edge.CloseCode;
import dev.weir.edge.Cors;
import dev.weir.edge.EdgeRoutes;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.Gate;
import dev.weir.edge.LoopServices;
import dev.weir.edge.Parameters;
import dev.weir.edge.ProblemResponses;
import dev.weir.edge.Session;
import dev.weir.edge.SessionInfo;
import dev.weir.edge.TypeFilter;
import dev.weir.edge.Wish;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/stream?address=a&address=b}: events of addresses and patterns as server-sent events. Permission is decided for
 * all addresses before the first byte; one refusal refuses the stream.
 */
public final class SseRoutes implements EdgeRoutes {
    /** Where streams are. */
    public static final String PATH = "/v1/stream";

    private static final String PRESENCE = "presence";
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final int RETRY_MILLIS = 1_000;
    private static final int RETRY_SPREAD_MILLIS = 2_000;

    @Override
    public void mount(Router router, LoopServices loop) {
        router.route(PATH).handler(new Cors(loop)::handle);
        router.get(PATH).handler(routing -> open(routing, loop));
        router.route(PATH).handler(routing -> {
            routing.response().putHeader(HttpHeaders.ALLOW, "GET, OPTIONS");
            ProblemResponses.answer(routing, 405, null);
        });
        loop.edge().timers().every(SWEEP, () -> sweep(loop));
    }

    /** Heartbeats, and the end of streams whose token expired. */
    private static void sweep(LoopServices loop) {
        EdgeServices edge = loop.edge();
        long now = edge.clock().nanos();
        long millis = edge.clock().millis();
        long period = edge.config().heartbeat().toNanos();
        for (Session each : loop.sessions().all()) {
            if (each instanceof SseSession session) {
                if (session.who().sub() != null && !session.who().signedIn(millis)) {
                    session.close(CloseCode.EXPIRED);
                } else {
                    session.beat(now, period);
                }
            }
        }
    }

    private static void open(RoutingContext routing, LoopServices loop) {
        Refusal unknown = Parameters.refusal(routing.queryParams(), Parameters.of("GET " + PATH));
        if (unknown != null) {
            refuse(routing, loop, unknown);
            return;
        }
        loop.gate()
                .principal(routing.request())
                .compose(who ->
                        permitted(routing, loop.edge(), who).compose(addresses -> start(routing, loop, who, addresses)))
                .onFailure(failure -> refuse(routing, loop, failure));
    }

    private static void refuse(RoutingContext routing, LoopServices loop, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            loop.edge().counters().refused(refusal.code()).increment();
        }
        routing.fail(500, failure);
    }

    /** The addresses asked for with their policies, once every one of them is allowed. */
    private static Future<Map<String, Policy>> permitted(RoutingContext routing, EdgeServices edge, Principal who) {
        Set<String> wanted = new LinkedHashSet<>(routing.queryParam("address"));
        if (wanted.isEmpty()) {
            return Future.failedFuture(
                    new Refusal(FailureCode.MISSING_ADDRESS, "say what to listen to: " + PATH + "?address=NAME"));
        }
        if (wanted.size() > edge.config().registrationsPerSession()) {
            return Future.failedFuture(new Refusal(FailureCode.MAX_HANDLERS_REACHED));
        }
        TypeFilter.of(routing.request());
        Map<String, Policy> addresses = new LinkedHashMap<>();
        List<Future<Void>> checks = new ArrayList<>();
        for (String address : wanted) {
            Policy policy = edge.authorizer().policyOf(address);
            addresses.put(address, policy);
            checks.add(edge.authorizer()
                    .check(policy, who, Action.SUBSCRIBE, address, EventHeaders.DEFAULT_TYPE)
                    .compose(allowed -> policy.isForRequests() ? notAnAddressForEvents(address) : allowed()));
        }
        if (addresses.size() > 1 && !Positions.fit(journaled(addresses))) {
            return Future.failedFuture(new Refusal(
                    FailureCode.INVALID_PARAMETER,
                    "the positions of so many journaled addresses do not fit into an id of " + Positions.MOST_CHARACTERS
                            + " characters; spread them over several streams"));
        }
        return Future.all(checks).map(addresses);
    }

    /** Those on which a stream has a position. */
    private static List<String> journaled(Map<String, Policy> addresses) {
        return addresses.entrySet().stream()
                .filter(each -> each.getValue().isJournaled() && !Addresses.isPattern(each.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Future<Void> allowed() {
        return Future.succeededFuture();
    }

    private static Future<Void> notAnAddressForEvents(String address) {
        return Future.failedFuture(new Refusal(
                FailureCode.ACCESS_DENIED, address + " is an address for requests, and a stream cannot answer"));
    }

    private static Future<Void> start(
            RoutingContext routing, LoopServices loop, Principal who, Map<String, Policy> addresses) {
        HttpServerResponse response = routing.response();
        if (response.closed()) {
            // The client left while it was looked up; nothing would ever tell of its end again.
            return Future.succeededFuture();
        }
        String client = loop.gate().clientOf(routing.request());
        Gate.Entry entry = loop.gate().enter(client);
        EdgeServices edge = loop.edge();
        Positions positions = new Positions(journaled(addresses), addresses.size() == 1);
        SseOutlet outlet = new SseOutlet(
                response,
                edge.config().sessionQueue().bytes(),
                edge.counters(),
                positions,
                shaping(routing, addresses, positions));
        SessionInfo info =
                new SessionInfo(edge.ids().next(), "sse", client, edge.clock().millis());
        Attendance attendance = new Attendance(loop, info, outlet);
        SseSession session = new SseSession(
                info, who, addresses, response, outlet, attendance, edge.clock().nanos());
        Runnable end = () -> end(session, loop, entry);
        // However it ends: by the client, the server or a failure.
        routing.addEndHandler(done -> end.run());
        // Before joining, since the first event may come before all registrations are complete.
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no");
        Beginning beginning = new Beginning(lastSeen(routing.request()), positions, outlet);
        return entrances(routing, loop, session)
                .compose(entrances ->
                        join(loop, who, addresses, outlet, beginning).map(entrances))
                .onFailure(failure -> end.run())
                .onSuccess(entrances -> begin(session, loop, entrances))
                .mapEmpty();
    }

    /** A page cannot set the header, and what stands in for EventSource where there is none writes it into the query. */
    private static LastEventId lastSeen(HttpServerRequest request) {
        String header = request.getHeader("Last-Event-ID");
        return LastEventId.parse(header == null ? request.getParam("lastEventId") : header);
    }

    /** What the stream wants of presence on all of its addresses; one refusal refuses the stream. */
    private static Future<List<Attendance.Entrance>> entrances(
            RoutingContext routing, LoopServices loop, SseSession session) {
        HttpServerRequest request = routing.request();
        Wish wish;
        try {
            wish = Wish.of(
                    PRESENCE,
                    request.getParam(PRESENCE),
                    request.getParam(PRESENCE + "-data"),
                    request.getParam(PRESENCE + "-key"),
                    loop.edge().roster().limits());
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
        List<Future<Attendance.Entrance>> entrances = new ArrayList<>();
        session.registrations()
                .forEach((address, policy) ->
                        entrances.add(session.attendance().prepare(wish, address, policy, session.who())));
        return Future.all(entrances).map(done -> done.list());
    }

    /** Null for a stream that wants all of one address, or of addresses without positions: it shares what it gets with others. */
    private static @Nullable Shaping shaping(
            RoutingContext routing, Map<String, Policy> addresses, Positions positions) {
        Set<String> types = TypeFilter.of(routing.request());
        boolean several = addresses.size() > 1 && !journaled(addresses).isEmpty();
        return types.isEmpty() && !several ? null : new Shaping(positions, types);
    }

    private static void end(SseSession session, LoopServices loop, Gate.Entry entry) {
        if (session.end()) {
            session.registrations().keySet().forEach(address -> loop.fanout().leave(address, session.outlet()));
            session.attendance().closed();
            session.outlet().close();
            entry.leave();
            loop.sessions().closed(session);
        }
    }

    private static Future<Void> join(
            LoopServices loop, Principal who, Map<String, Policy> addresses, SseOutlet outlet, Beginning beginning) {
        List<Future<Void>> joined = new ArrayList<>();
        addresses.forEach((address, policy) -> {
            if (Addresses.isPattern(address)) {
                loop.edge().publisher().serves(address);
            }
            joined.add(
                    beginning.of(address, policy, who, loop.edge().authorizer()).compose(start -> loop.fanout()
                            .join(address, policy, outlet, start)));
        });
        return Future.all(joined).mapEmpty();
    }

    private static void begin(SseSession session, LoopServices loop, List<Attendance.Entrance> entrances) {
        if (session.isClosed()) {
            return;
        }
        loop.sessions().opened(session);
        session.greet(RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS));
        entrances.forEach(entrance -> entrance.enter().run());
        if (session.registrations().entrySet().stream().anyMatch(each -> isOld(loop, each.getKey(), each.getValue()))) {
            loop.sessions().decideAgain(session);
        }
    }

    /** Whether a reload came while the stream was being opened, when it was not yet among those that are looked at then. */
    private static boolean isOld(LoopServices loop, String address, Policy policy) {
        try {
            return !loop.edge().authorizer().policyOf(address).equals(policy);
        } catch (Refusal undeclared) {
            return true;
        }
    }
}
