/** Subscriptions: named durable positions with acknowledgement and redelivery. One owner each, on one event loop. */
@NullMarked
package dev.weir.journal.subscription;

import org.jspecify.annotations.NullMarked;
