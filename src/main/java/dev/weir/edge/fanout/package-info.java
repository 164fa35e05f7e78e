/**
 * One event to many sessions: per event loop and address one group, one incoming stream, each frame encoded once per wire
 * format, one write per session and tick.
 */
@NullMarked
package dev.weir.edge.fanout;

import org.jspecify.annotations.NullMarked;
