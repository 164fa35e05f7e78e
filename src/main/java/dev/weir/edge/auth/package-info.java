/** Who clients are: JSON Web Tokens and the keys that verify them. */
@NullMarked
package dev.weir.edge.auth;

import org.jspecify.annotations.NullMarked;
