/** Server-sent events: a way to listen with nothing but HTTP. */
@NullMarked
package dev.weir.edge.sse;

import org.jspecify.annotations.NullMarked;
