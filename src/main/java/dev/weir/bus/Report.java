package dev.weir.bus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What nodes tell of themselves for those who look on: each node on an address of its own, {@code weir.<topic>.<node>}, while
 * somebody listens, and whole on request at {@code /v1/reports/<topic>}.
 */
public enum Report {
    /** How the node is doing: rates, latency, sessions, memory. */
    OVERVIEW,

    /** Which addresses are in use and how much travels on each. */
    TRAFFIC,

    /** What runs in the node: scripts and Java verticles, their listeners. */
    VERTICLES,

    /** How the flows and their stages are doing. */
    FLOWS;

    /** The name in addresses and paths. */
    public String topic() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where a node tells of it. */
    public String address(String node) {
        return Addresses.SYSTEM_PREFIX + topic() + "." + node;
    }

    /** The pattern of all nodes' addresses, as sessions subscribe to it. */
    public String pattern() {
        return Addresses.SYSTEM_PREFIX + topic() + ".*";
    }

    /** The question of {@link LocalAnswers} that has it whole. */
    public String question() {
        return "report-" + topic();
    }

    /** The one with this name, if there is one. */
    public static Optional<Report> of(String topic) {
        return Arrays.stream(values()).filter(one -> one.topic().equals(topic)).findFirst();
    }

    /** What policies of their own match, so that sessions may subscribe to one topic of all nodes. */
    static Stream<String> patterns() {
        return Arrays.stream(values()).map(one -> Addresses.SYSTEM_PREFIX + one.topic() + ".{node}");
    }
}
