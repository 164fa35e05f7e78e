/** CloudEvents 1.0 events and their wire forms: bus headers, JSON, HTTP. Knows nothing else of Weir. */
@NullMarked
package dev.weir.event;

import org.jspecify.annotations.NullMarked;
