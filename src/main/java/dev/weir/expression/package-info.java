/** Expressions in CEL over events: parsed and checked by dev.cel, evaluated by closures of our own. A ground floor, see docs/adr/0010. */
@NullMarked
package dev.weir.expression;

import org.jspecify.annotations.NullMarked;
