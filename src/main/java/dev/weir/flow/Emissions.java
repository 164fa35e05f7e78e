package dev.weir.flow;

import dev.weir.bus.Addresses;
import dev.weir.bus.FailureCode;
import dev.weir.bus.FailureText;
import dev.weir.bus.FlowCommit;
import dev.weir.bus.Keep;
import dev.weir.bus.Origin;
import dev.weir.bus.Publisher;
import dev.weir.bus.Refusal;
import dev.weir.bus.TraceParent;
import dev.weir.event.EventHeaders;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running lane emits: at once, or with its next commit where it has one. Owned by the lane's event loop. */
final class Emissions {
    private static final Logger LOG = LoggerFactory.getLogger(Emissions.class);

    private final String flow;
    private final Origin origin;
    private final Publisher publisher;
    private final @Nullable Commits commits;

    Emissions(String flow, Publisher publisher, @Nullable Commits commits) {
        this.flow = flow;
        this.origin = Origin.node("flows/" + flow);
        this.publisher = publisher;
        this.commits = commits;
    }

    /** See {@link StageContext#publish}. */
    @Nullable
    Future<?> publish(String address, MultiMap headers, @Nullable Object data) {
        if (Addresses.isSystem(address) || Addresses.isInternal(address)) {
            throw new Refusal(FailureCode.ACCESS_DENIED, "only Weir itself emits to " + address);
        }
        String cause = headers.get(TraceParent.NAME);
        Publisher.Prepared prepared = publisher.prepare(origin, address, headers, data);
        Keep keep = prepared.policy().keep();
        if (commits == null) {
            if (keep != null) {
                // It is completed once more there, and is to be one step behind its cause all the same.
                TraceParent.put(headers, cause);
                return publisher.publish(origin, address, headers, data, 0);
            }
            publisher.emit(prepared);
            return null;
        }
        Refusal refused = keep == null ? null : commits.journal().refusal(address, prepared.entry());
        if (refused != null) {
            throw refused;
        }
        if (keep == null) {
            commits.cut().emit(prepared);
        } else {
            commits.cut().append(new FlowCommit.Append(address, keep, prepared.entry()));
            prepared.sent();
        }
        commits.schedule();
        return null;
    }

    /** See {@link StageContext#tell}. */
    void tell(String address, String type, JsonObject data) {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().set(EventHeaders.TYPE, type).set(EventHeaders.SUBJECT, flow);
        publisher
                .publish(origin, address, headers, data, 0)
                .onFailure(failure -> LOG.warn("{} was not told of {}: {}", address, data, FailureText.of(failure)));
    }
}
