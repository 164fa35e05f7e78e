/** Keeps logs in the memory of several nodes. */
@NullMarked
package dev.weir.journal.hazelcast;

import org.jspecify.annotations.NullMarked;
