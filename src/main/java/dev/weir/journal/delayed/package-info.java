/** Events for later: kept until their time comes, then delivered. */
@NullMarked
package dev.weir.journal.delayed;

import org.jspecify.annotations.NullMarked;
