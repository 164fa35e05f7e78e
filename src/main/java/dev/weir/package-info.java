/** The launcher of Weir. Everything else lives in the packages below. */
@NullMarked
package dev.weir;

import org.jspecify.annotations.NullMarked;
