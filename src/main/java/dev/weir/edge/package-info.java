/** Where clients connect: the HTTP server, and what bridge, SSE and REST share. */
@NullMarked
package dev.weir.edge;

import org.jspecify.annotations.NullMarked;
