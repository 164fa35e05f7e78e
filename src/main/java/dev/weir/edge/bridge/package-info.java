/** The bridge: the protocol of the Vert.x SockJS bridge, on sessions that share one bus consumer per address. */
@NullMarked
package dev.weir.edge.bridge;

import org.jspecify.annotations.NullMarked;
