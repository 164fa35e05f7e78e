/** Live events of any address, for those who look after nodes. */
@NullMarked
package dev.weir.observe.tap;

import org.jspecify.annotations.NullMarked;
