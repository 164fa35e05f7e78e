/** Metrics and health. */
@NullMarked
package dev.weir.observe;

import org.jspecify.annotations.NullMarked;
