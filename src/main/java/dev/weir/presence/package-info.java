/** Who is on an address: each node owns the entries of its own sessions and holds copies of the others'. */
@NullMarked
package dev.weir.presence;

import org.jspecify.annotations.NullMarked;
