/** The lanes of flows under load: in their package, since nobody outside of it may make one. */
@NullMarked
package dev.weir.flow;

import org.jspecify.annotations.NullMarked;
