/** Flows: declared processing from addresses or inputs through stages to addresses or other targets. */
@NullMarked
package dev.weir.flow;

import org.jspecify.annotations.NullMarked;
