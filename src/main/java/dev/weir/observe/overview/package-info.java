/** How a node is doing, now and in the last hour. */
@NullMarked
package dev.weir.observe.overview;

import org.jspecify.annotations.NullMarked;
