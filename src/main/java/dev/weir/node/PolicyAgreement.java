package dev.weir.node;

import dev.weir.flow.Flows;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Whether this node's policies are those of the cluster. The oldest node's are: one whose policies differ gets no traffic and
 * says why, until a reload of either makes them equal. Thread-safe.
 */
final class PolicyAgreement {
    private static final String DIGEST = "digest";

    private record Theirs(String node, String digest) {}

    private final Node node;
    private final NodeAgent agent;
    private final Supplier<List<String>> oldestFirst;
    private final AtomicReference<Optional<Theirs>> theirs = new AtomicReference<>(Optional.empty());

    PolicyAgreement(Node node, NodeAgent agent, Supplier<List<String>> oldestFirst) {
        this.node = node;
        this.agent = agent;
        this.oldestFirst = oldestFirst;
        node.answers().answer(DIGEST, question -> new JsonObject().put(DIGEST, own()));
    }

    /** Why the node must get no traffic. */
    Optional<String> reason() {
        return Objects.requireNonNullElse(theirs.get(), Optional.<Theirs>empty())
                .filter(other -> !other.digest().equals(own()))
                .map(other -> "the policies or flows of this node " + node.id() + " (" + own()
                        + ") differ from those of node "
                        + other.node() + " (" + other.digest()
                        + "), the oldest of the cluster: give both the same files, then reload");
    }

    /** Asks the oldest node; one that does not answer changes nothing. Members that are no nodes have no answer. */
    Future<Void> compare() {
        List<String> nodes = oldestFirst.get();
        if (nodes.isEmpty() || nodes.get(0).equals(node.id())) {
            theirs.set(Optional.empty());
            return Future.succeededFuture();
        }
        return agent.ask(DIGEST, new JsonObject()).map(answers -> {
            answers.stream()
                    .findFirst()
                    .filter(oldest -> !node.id().equals(oldest.getString("node")))
                    .ifPresent(oldest ->
                            theirs.set(Optional.of(new Theirs(oldest.getString("node"), oldest.getString(DIGEST)))));
            return null;
        });
    }

    private String own() {
        String policies = Objects.requireNonNull(node.policies().get(), "a node always has policies")
                .digest();
        Flows flows = Objects.requireNonNull(node.flows().get(), "a node always has flows, if none");
        return flows.isEmpty() ? policies : policies + "+" + flows.digest();
    }
}
