/** What authors of verticles import: {@code EventEmitter} for a whole system. */
@NullMarked
package dev.weir.emitter;

import org.jspecify.annotations.NullMarked;
