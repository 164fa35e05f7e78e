package dev.weir.config;

import java.util.List;

/** Everything a node is told, as {@code conf/weir.yaml} spells it. Immutable; a reload makes a new one. */
@Doc("The configuration of a node.")
public record WeirConfig(
        @Doc("Where clients connect.") HttpConfig http,

        @Doc("How nodes find each other; used with --cluster.")
        ClusterConfig cluster,

        @Doc("Who clients are.") AuthConfig auth,
        @Doc("Where journaled events are kept.") JournalConfig journal,

        @Doc("Who is on an address: limits of addresses with presence.")
        PresenceConfig presence,

        @Doc("What the node writes to its log.") LogConfig log,

        @Doc("What is recorded of events on their way.") TracingConfig tracing,

        @Doc(
                "Policies: what is allowed on which addresses. The most specific match wins; an address without one is closed.")
        @Default("[]")
        List<AddressConfig> addresses,

        @Doc(
                "Named durable positions on journaled addresses, for work that must be done: acknowledged, tried again, or a dead letter.")
        @Default("[]")
        List<SubscriptionConfig> subscriptions,

        @Doc("Where flows are declared.") FlowsConfig flows,

        @Doc("Code that runs inside the node.") @Default("[]")
        List<VerticleConfig> verticles,

        @Doc("What JavaScript verticles may do.") ScriptConfig script,

        @Doc("What makes events by itself.") @Default("[]") List<SourceConfig> sources) {}
