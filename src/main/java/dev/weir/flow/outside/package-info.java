/** How stages and targets reach what is outside of their flow: attempts, circuit breakers, HTTP and the bus. */
@NullMarked
package dev.weir.flow.outside;

import org.jspecify.annotations.NullMarked;
