/** What flows have done, kept in the journal: cuts in one transaction with what they append, and claims of partitions. */
@NullMarked
package dev.weir.journal.flow;

import org.jspecify.annotations.NullMarked;
