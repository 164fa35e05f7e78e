/** Follows events through the journal: where they are kept, what belongs to them, what became of them. */
@NullMarked
package dev.weir.journal.trace;

import org.jspecify.annotations.NullMarked;
