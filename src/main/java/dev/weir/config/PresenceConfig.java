package dev.weir.config;

import java.time.Duration;

/** Limits of presence, the same for all addresses. */
@Doc("Limits of presence: who is on an address.")
public record PresenceConfig(
        @Doc(
                "How long somebody whose connection broke, or whose node died, still counts as there; who is back before never left.")
        @Default("10s")
        @Range(max = 600_000)
        Duration grace,

        @Doc("Largest data a member may give, as JSON.") @Default("1KiB") @Range(max = 65_536)
        ByteSize maxData,

        @Doc(
                "Members of an address up to which all are listed and each change is told; above it only their number is, once a second.")
        @Default("500")
        @Range(min = 1, max = 100_000)
        int members,

        @Doc("Addresses on which one session may be present or watch who is.")
        @Default("100")
        @Range(min = 1, max = 10_000)
        int addressesPerSession) {}
