package dev.weir.node;

import dev.weir.bus.AddressesInUse;
import dev.weir.bus.Ids;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Quota;
import dev.weir.bus.Roster;
import dev.weir.config.ConfigException;
import dev.weir.config.HttpConfig;
import dev.weir.config.LogConfig;
import dev.weir.edge.EdgeRoutes;
import dev.weir.edge.EdgeServices;
import dev.weir.edge.HttpVerticle;
import dev.weir.edge.Listening;
import dev.weir.edge.RefusedDeeds;
import dev.weir.edge.auth.ConsoleDoor;
import dev.weir.edge.bridge.BridgeRoutes;
import dev.weir.edge.bridge.SockJsRoutes;
import dev.weir.edge.rest.ConsoleRoutes;
import dev.weir.edge.rest.RestRoutes;
import dev.weir.edge.sse.SseRoutes;
import dev.weir.observe.Health;
import dev.weir.observe.Load;
import dev.weir.observe.Metrics;
import dev.weir.observe.Reports;
import dev.weir.observe.Trail;
import dev.weir.presence.PresenceVerticle;
import dev.weir.source.BuiltInSources;
import dev.weir.source.SourceVerticle;
import dev.weir.time.Timers;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.VertxBuilder;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys everything else. Its {@code start()} is the list of what a node consists of. */
public final class NodeVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(NodeVerticle.class);

    /** The signal that asks for a reload. */
    static final String RELOAD = "HUP";

    private final NodeSettings settings;
    private final ClusterMembers members;
    private final Logging logging;
    private final Health health = new Health();
    private @Nullable Reload reload;
    private @Nullable NodeJournal journal;
    private @Nullable NodeTracing tracing;
    private @Nullable NodeReports reports;
    private @Nullable ConsoleDoor door;
    private final Listening listening = new Listening(health::stopping);

    /**
     * @param members who else is in the cluster
     * @param logging follows {@code log:}
     */
    NodeVerticle(NodeSettings settings, ClusterMembers members, Logging logging) {
        this.settings = settings;
        this.members = members;
        this.logging = logging;
    }

    /** The port the node listens on, once deployed. */
    public int port() {
        return listening.port();
    }

    /** A node outside a cluster, as tests and programs that embed one start it. */
    public static NodeVerticle alone(NodeSettings settings) {
        return new NodeVerticle(settings, ClusterMembers.ALONE, Logging.untouched());
    }

    /** Lets a Vert.x instance count its consumers, for programs that embed a node; without it the census knows sessions only. */
    public static VertxBuilder counting(VertxBuilder builder) {
        return BusListeners.install(builder);
    }

    /**
     * A new code for the link {@code /console/#code=...}, by which the first operator signs in: good once, for 15 minutes. None where
     * the configuration has users of the console or {@code auth.jwt}, and before the node serves.
     */
    public Optional<String> newConsoleCode() {
        return door == null ? Optional.empty() : door.offer();
    }

    /** Reads the configuration again; fails with a {@link ConfigException}, and then nothing changed. */
    public Future<JsonObject> reload() {
        Promise<JsonObject> done = Promise.promise();
        context.runOnContext(
                own -> Objects.requireNonNull(reload, "deployed").run().onComplete(done));
        return done.future();
    }

    @Override
    public Future<?> start() {
        NodeScripts.warm(vertx, settings.loaded());
        String id =
                vertx.isClustered() ? ((VertxInternal) vertx).clusterManager().getNodeId() : new Ids().next();
        Node node = node(id);
        NodeAgent agent = new NodeAgent(node, members);
        Metrics metrics = new Metrics(node.counters());
        NodeAuth auth = authentication(node, agent);
        Load load = load(node, metrics);
        NodeJournal keeping = new NodeJournal(node, health, metrics.registry());
        journal = keeping;
        NodeFlows flows = flows(node, agent, keeping, metrics);
        Reload own = new Reload(
                node, auth, listening, settings, keeping::use, inForce -> follow(node, keeping, flows, inForce));
        reload = own;
        measure(node, metrics);
        logging.node(id);
        useLog(node, settings);
        PresenceVerticle presence =
                NodePresence.of(node, settings.loaded().config().presence(), members, metrics.registry());
        EdgeServices edge = edge(node, agent, auth, load, presence);
        List<EdgeRoutes> routes = routes(auth, metrics, load, node.timers());
        NodeReports telling = new NodeReports(node, members, keeping, presence);
        report(node, agent, flows, load, telling, metrics);
        return agent.start()
                .compose(answering -> members.watch(node, agent, health, metrics.registry()))
                .compose(watching -> new NodeDesk(node, agent).start())
                .compose(answering -> NodeTaps.deploy(node, agent, metrics.registry()))
                .compose(answering -> flows.serve())
                .compose(answering -> new Trail(vertx, keeping::traces, agent).start())
                .compose(answering -> keeping.use(settings))
                .compose(answering -> auth.use(settings))
                .compose(answering -> vertx.deployVerticle(presence))
                .compose(deployed -> deployHttp(edge, routes))
                .compose(
                        listening -> new NodeScripts(vertx, settings, metrics.registry(), telling.verticles()).deploy())
                .compose(deployed -> flows.use(settings.flows()))
                .compose(begun -> deploySources(node))
                .onSuccess(deployed -> ready(id, own));
    }

    private Load load(Node node, Metrics metrics) {
        HttpConfig http = settings.loaded().config().http();
        Load load = new Load(node.clock(), metrics.registry(), http.maxLag());
        health.check("load", () -> Optional.ofNullable(load.busy()));
        return load;
    }

    private void report(Node node, NodeAgent agent, NodeFlows flows, Load load, NodeReports telling, Metrics metrics) {
        Reports all = new Reports(node.id(), node.publisher(), node.answers(), node.timers());
        flows.report(all);
        NodeOverview.begin(node, agent, members, this::name, health, load, metrics, all);
        telling.start(all, health, metrics.registry());
        reports = telling;
    }

    /** Where others find it, as far as it knows itself. */
    private Optional<String> name() {
        String host = settings.loaded().config().http().host();
        return listening.port() == 0 ? Optional.empty() : Optional.of(host + ":" + listening.port());
    }

    private NodeAuth authentication(Node node, NodeAgent agent) {
        NodeAuth auth = new NodeAuth(node, agent, health);
        door = auth.door();
        return auth;
    }

    private NodeFlows flows(Node node, NodeAgent agent, NodeJournal keeping, Metrics metrics) {
        return new NodeFlows(
                node,
                agent,
                members,
                keeping,
                metrics.registry(),
                settings.loaded().home());
    }

    private Future<Void> follow(Node node, NodeJournal keeping, NodeFlows flows, NodeSettings inForce) {
        OpenDoors.check(inForce, health);
        Objects.requireNonNull(tracing, "begun").use(inForce.loaded());
        useLog(node, inForce);
        keeping.adopt();
        return flows.use(inForce.flows());
    }

    @Override
    public Future<?> stop() {
        return journal == null ? Future.succeededFuture() : journal.close();
    }

    /** What is recorded of events is decided first, since the parts of a node ask for that once. */
    private Node node(String id) {
        tracing = NodeTracing.begin(vertx, id, settings.loaded());
        return Node.create(vertx, id, settings.policies());
    }

    private void measure(Node node, Metrics metrics) {
        Objects.requireNonNull(tracing, "begun").serve(node, metrics.registry());
        VertxMeters.of(vertx).ifPresent(meters -> {
            meters.show(metrics.registry());
            BusListeners consumers = meters.listeners();
            node.publisher().listening(consumers::has);
            node.answers().answer(LocalAnswers.LISTENERS, query -> new JsonObject()
                    .put("consumers", consumers.count(query.getString("address"))));
        });
    }

    private List<EdgeRoutes> routes(NodeAuth auth, Metrics metrics, Load load, Timers timers) {
        return List.of(
                (router, loop) -> load.measure(timers),
                (router, loop) -> health.mount(router),
                (router, loop) -> metrics.mount(router),
                new BridgeRoutes(),
                new SockJsRoutes(),
                new SseRoutes(),
                new ConsoleRoutes(auth.door()),
                new RestRoutes(this::reload));
    }

    private void useLog(Node node, NodeSettings inForce) {
        LogConfig log = inForce.loaded().config().log();
        logging.use(log);
        node.accesses().remove(AccessLines.LISTENER);
        if (log.access()) {
            node.accesses().add(AccessLines.LISTENER);
        }
    }

    private EdgeServices edge(Node node, NodeAgent agent, NodeAuth auth, Load load, Roster roster) {
        return new EdgeServices(
                settings.loaded().config().http(),
                settings.loaded().home(),
                node.id(),
                node.clock(),
                node.timers(),
                node.publisher(),
                node.authorizer(),
                auth,
                node.counters(),
                roster,
                node.accesses(),
                new Ids(),
                node.answers(),
                agent,
                new RefusedDeeds(node.publisher(), node.timers()),
                load::busy,
                new AddressesInUse(),
                new Quota<>());
    }

    private Future<Void> deployHttp(EdgeServices edge, List<EdgeRoutes> routes) {
        HttpConfig config = edge.config();
        int loops = config.loops() == 0 ? Runtime.getRuntime().availableProcessors() : config.loops();
        return vertx.deployVerticle(
                        () -> new HttpVerticle(edge, ServerOptions.of(settings.loaded()), routes, listening),
                        new DeploymentOptions().setInstances(loops))
                .onSuccess(deployed -> Objects.requireNonNull(reports, "made").edge(deployed))
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(NotListening.explain(settings.loaded(), failure)));
    }

    private Future<?> deploySources(Node node) {
        List<Future<String>> deployed = new ArrayList<>();
        for (BuiltInSources.Bound source : settings.sources()) {
            deployed.add(vertx.deployVerticle(new SourceVerticle(
                    source, node.publisher(), node.counters(), node.accesses(), node.clock(), node.id())));
        }
        return Future.all(deployed);
    }

    private void ready(String id, Reload own) {
        OpenDoors.check(settings, health);
        Signals.on(
                RELOAD,
                () -> context.runOnContext(signalled -> own.onSignal().onComplete(reloaded -> newConsoleCode()
                        .ifPresent(code -> Banner.printLink(settings, listening.port(), code)))));
        health.ready();
        Banner.print(settings, vertx, id, listening.port(), newConsoleCode().orElse(null));
        LOG.debug("node {} is ready", id);
    }
}
