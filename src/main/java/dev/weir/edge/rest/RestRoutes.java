package dev.weir.edge.rest;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.edge.Cors;
import dev.weir.edge.EdgeRoutes;
import dev.weir.edge.LoopServices;
import dev.weir.edge.Parameters;
import dev.weir.edge.ProblemResponses;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The HTTP interface under {@code /v1}. To be mounted behind all other edges that serve paths there, because what nobody took is
 * answered here.
 */
public final class RestRoutes implements EdgeRoutes {
    private static final String ROOT = "/v1";
    private static final String OPENAPI = "/openapi.yaml";

    private final Supplier<Future<JsonObject>> reload;
    private final Buffer openApi = openApi();

    /** @param reload reads the configuration again; fails with a {@code ConfigException} that says what is wrong with it */
    public RestRoutes(Supplier<Future<JsonObject>> reload) {
        this.reload = reload;
    }

    private static Buffer openApi() {
        try (InputStream file = RestRoutes.class.getResourceAsStream(OPENAPI)) {
            if (file == null) {
                throw new IllegalStateException("the jar has no " + OPENAPI);
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void mount(Router router, LoopServices loop) {
        Cors cors = new Cors(loop);
        loop.upgrades().add(new PublishRoute(loop, cors));
        router.route(ROOT + "/*").handler(cors::handle).handler(RestRoutes::notCached);
        AddressRoutes addresses = new AddressRoutes(loop);
        OperatorRoutes operators = new OperatorRoutes(loop, reload);
        on(router, "/addresses", Map.of(HttpMethod.GET, addresses::list));
        on(router, "/addresses/:address", Map.of(HttpMethod.GET, addresses::one));
        // Publishing itself never comes this far: it is answered ahead of the router.
        on(
                router,
                "/addresses/:address/events",
                Map.of(HttpMethod.GET, new HistoryRoute(loop)::handle, HttpMethod.POST, routing -> routing.fail(400)));
        DelayedRoutes delayed = new DelayedRoutes(loop);
        on(router, "/addresses/:address/delayed", Map.of(HttpMethod.GET, delayed::list));
        on(router, "/addresses/:address/delayed/:id", Map.of(HttpMethod.DELETE, delayed::cancel));
        on(router, "/addresses/:address/presence", Map.of(HttpMethod.GET, new PresenceRoute(loop)::handle));
        on(router, "/addresses/:address/requests", Map.of(HttpMethod.POST, new RequestRoute(loop)::handle));
        on(
                router,
                "/sessions",
                Map.of(HttpMethod.GET, operators::sessions, HttpMethod.DELETE, operators::closeSessions));
        on(router, "/sessions/:id", Map.of(HttpMethod.DELETE, operators::closeSession));
        work(router, loop);
        on(router, "/cluster", Map.of(HttpMethod.GET, operators::cluster));
        on(router, "/reports/:topic", Map.of(HttpMethod.GET, new ReportRoute(loop)::handle));
        TapRoutes taps = new TapRoutes(loop);
        on(router, "/taps", Map.of(HttpMethod.POST, taps::open));
        on(router, "/taps/:id", Map.of(HttpMethod.PATCH, taps::edit, HttpMethod.DELETE, taps::close));
        on(router, "/trace/:id", Map.of(HttpMethod.GET, new TraceRoute(loop)::handle));
        on(router, "/config/reload", Map.of(HttpMethod.POST, operators::reload));
        on(router, OPENAPI, Map.of(HttpMethod.GET, this::describe));
        router.route(ROOT + "/*").handler(routing -> routing.fail(404));
    }

    private static void work(Router router, LoopServices loop) {
        SubscriptionRoutes subscriptions = new SubscriptionRoutes(loop);
        on(router, "/subscriptions", Map.of(HttpMethod.GET, subscriptions::list));
        SubscriptionEdits edits = new SubscriptionEdits(loop, subscriptions::describe);
        on(
                router,
                "/subscriptions/:name",
                Map.of(
                        HttpMethod.GET,
                        subscriptions::one,
                        HttpMethod.PUT,
                        edits::put,
                        HttpMethod.DELETE,
                        edits::delete));
        on(router, "/subscriptions/:name/pull", Map.of(HttpMethod.POST, subscriptions::pull));
        on(router, "/subscriptions/:name/settle", Map.of(HttpMethod.POST, subscriptions::settle));
        FlowRoutes flows = new FlowRoutes(loop);
        on(router, "/flows", Map.of(HttpMethod.GET, flows::list));
        on(router, "/flows/dry-run", Map.of(HttpMethod.POST, flows::dryRun));
        on(router, "/flows/:flow", Map.of(HttpMethod.GET, flows::one));
        on(router, "/flows/:flow/pause", Map.of(HttpMethod.POST, flows::pause));
        on(router, "/flows/:flow/resume", Map.of(HttpMethod.POST, flows::resume));
        DeadLetterRoutes letters = new DeadLetterRoutes(loop, loop.vertx());
        on(router, "/dead-letters", Map.of(HttpMethod.GET, letters::list, HttpMethod.DELETE, letters::discardAll));
        on(router, "/dead-letters/replay", Map.of(HttpMethod.POST, letters::replayAll));
        on(
                router,
                "/dead-letters/:id",
                Map.of(
                        HttpMethod.GET, letters::one,
                        HttpMethod.PATCH, letters::edit,
                        HttpMethod.DELETE, letters::discardOne));
        on(router, "/dead-letters/:id/replay", Map.of(HttpMethod.POST, letters::replayOne));
    }

    /** One path with its methods; any other method is answered with those. */
    private static void on(Router router, String path, Map<HttpMethod, Handler<RoutingContext>> methods) {
        methods.forEach((method, handler) -> {
            List<String> known = Parameters.of(method.name() + " " + ROOT + path);
            router.route(method, ROOT + path).handler(routing -> {
                Refusal unknown = Parameters.refusal(routing.queryParams(), known);
                if (unknown == null) {
                    handler.handle(routing);
                } else {
                    routing.fail(500, unknown);
                }
            });
        });
        String allow = methods.keySet().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "))
                + ", OPTIONS";
        router.route(ROOT + path).handler(routing -> other(routing, allow));
    }

    static void other(RoutingContext routing, String allow) {
        routing.response().putHeader(HttpHeaders.ALLOW, allow);
        if (routing.request().method().equals(HttpMethod.OPTIONS)) {
            routing.response().setStatusCode(204).end();
        } else {
            String message = routing.request().method() + " is not for this path, only " + allow;
            Refusal refusal = new Refusal(FailureCode.METHOD_NOT_ALLOWED, message);
            ProblemResponses.answer(routing, refusal.code().httpStatus(), refusal);
        }
    }

    static void notCached(RoutingContext routing) {
        routing.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        routing.next();
    }

    private void describe(RoutingContext routing) {
        routing.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                .end(openApi);
    }
}
