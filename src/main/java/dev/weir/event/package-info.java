/** Events (CloudEvents 1.0) and their formats. */
@NullMarked
package dev.weir.event;

import org.jspecify.annotations.NullMarked;
