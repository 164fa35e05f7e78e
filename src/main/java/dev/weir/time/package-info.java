/** Clocks and timers, injected so that tests can advance them. */
@NullMarked
package dev.weir.time;

import org.jspecify.annotations.NullMarked;
