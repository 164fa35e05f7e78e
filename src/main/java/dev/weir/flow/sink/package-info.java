/** The targets that ship with Weir, one file each: stages from which nothing goes on. */
@NullMarked
package dev.weir.flow.sink;

import org.jspecify.annotations.NullMarked;
