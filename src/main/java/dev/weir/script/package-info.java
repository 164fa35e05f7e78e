/** JavaScript verticles with Node's API, on GraalJS. The only place that knows GraalVM; other verticles are spoken to over the bus. */
@NullMarked
package dev.weir.script;

import org.jspecify.annotations.NullMarked;
