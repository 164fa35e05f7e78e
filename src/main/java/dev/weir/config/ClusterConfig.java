package dev.weir.config;

import java.util.List;

/** How nodes find and reach each other. */
@Doc("How nodes find each other; used with --cluster.")
public record ClusterConfig(
        @Doc("Hosts to ask when joining, each as host or host:port.") @Default("[127.0.0.1]")
        List<String> join,

        @Doc("Interface of the cluster and bus ports; keep it private, the cluster trusts whoever reaches it.")
        @Default("127.0.0.1")
        String host,

        @Doc("First Hazelcast port; the next free one of 20 is taken.") @Default("5701") @Range(min = 1, max = 65535)
        int port,

        @Doc("First event bus port; the next free one of 20 is taken.") @Default("15701") @Range(min = 1, max = 65535)
        int busPort,

        @Doc("Hazelcast configuration.") @Default("conf/cluster.xml")
        String file) {}
