/** What Node's core modules need of the host: one plain class each, reached by {@code binding(name)} from their JavaScript. */
@NullMarked
package dev.weir.script.node;

import org.jspecify.annotations.NullMarked;
