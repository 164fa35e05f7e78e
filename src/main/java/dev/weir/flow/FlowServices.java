package dev.weir.flow;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Authorizer;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.Counters;
import dev.weir.bus.FlowJournal;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Publisher;
import dev.weir.time.Clock;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What flows need of their node.
 *
 * @param nodeId names the node in the cluster
 * @param nodes ids of all nodes that are there now, this one included
 * @param journal keeps what flows have done; gives null where nothing can
 * @param authorizer knows the policies in force
 * @param answers where this node's flows are asked about
 * @param cluster asks all nodes about theirs
 * @param report shows those who look on what the flows do
 * @param accesses how requests to this node end
 * @param home what relative paths resolve against
 */
public record FlowServices(
        Vertx vertx,
        String nodeId,
        Supplier<List<String>> nodes,
        Clock clock,
        Publisher publisher,
        Authorizer authorizer,
        Counters counters,
        Supplier<@Nullable FlowJournal> journal,
        LocalAnswers answers,
        ClusterQuery cluster,
        FlowMeters meters,
        FlowReport report,
        AccessLog accesses,
        Path home) {}
