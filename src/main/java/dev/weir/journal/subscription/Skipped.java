package dev.weir.journal.subscription;

/**
 * Events that retention took before a subscription had settled them.
 *
 * @param from offset of the first
 * @param to offset of the last; some between may have been settled
 * @param events how many were not settled
 */
record Skipped(String subscription, String address, String epoch, long from, long to, long events) {}
