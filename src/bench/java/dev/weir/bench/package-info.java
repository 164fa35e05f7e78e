/** What Weir is measured beside; compiled and started by {@code scripts/bench}. */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
