package dev.weir.edge;

import dev.weir.bus.AccessLog;
import dev.weir.bus.AddressesInUse;
import dev.weir.bus.Authorizer;
import dev.weir.bus.ClusterQuery;
import dev.weir.bus.Counters;
import dev.weir.bus.Ids;
import dev.weir.bus.LocalAnswers;
import dev.weir.bus.Publisher;
import dev.weir.bus.Quota;
import dev.weir.bus.Roster;
import dev.weir.config.HttpConfig;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import java.nio.file.Path;

/**
 * What a node gives its edges. Shared by all event loops.
 *
 * @param config the HTTP section
 * @param home what relative paths are resolved against
 * @param nodeId this node
 * @param clock what time it is
 * @param timers timers of this Vert.x instance
 * @param publisher the way in
 * @param authorizer who may do what
 * @param authenticator who clients are
 * @param counters what is counted
 * @param roster who is on which address
 * @param accesses who hears how requests ended
 * @param ids ids for sessions
 * @param answers where each loop answers questions about its sessions
 * @param cluster asks all nodes
 * @param refusals the record of what was tried without the right to
 * @param admission says no while the node has too much to do
 * @param addresses which addresses the sessions of all loops listen to
 * @param clients the sessions of all loops by network address of the client
 */
public record EdgeServices(
        HttpConfig config,
        Path home,
        String nodeId,
        Clock clock,
        Timers timers,
        Publisher publisher,
        Authorizer authorizer,
        Authenticator authenticator,
        Counters counters,
        Roster roster,
        AccessLog accesses,
        Ids ids,
        LocalAnswers answers,
        ClusterQuery cluster,
        RefusedDeeds refusals,
        Admission admission,
        AddressesInUse addresses,
        Quota<String> clients) {}
