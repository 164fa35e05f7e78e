/** The ordered, durable log of each journaled address. */
@NullMarked
package dev.weir.journal;

import org.jspecify.annotations.NullMarked;
