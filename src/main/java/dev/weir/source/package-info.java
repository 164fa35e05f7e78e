/** What makes events by itself: one file per kind. */
@NullMarked
package dev.weir.source;

import org.jspecify.annotations.NullMarked;
