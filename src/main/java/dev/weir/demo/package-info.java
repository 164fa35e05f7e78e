/** Code of the demo: an example of what a user deploys with {@code verticles:}, which knows no more of Weir than the bus. */
@NullMarked
package dev.weir.demo;

import org.jspecify.annotations.NullMarked;
