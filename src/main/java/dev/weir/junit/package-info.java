/**
 * For tests of one's own with JUnit 5: a node with a configuration and a clock that jumps. The only package that knows JUnit, which is
 * not among what Weir brings along: a project that uses this has it anyway.
 */
@NullMarked
package dev.weir.junit;

import org.jspecify.annotations.NullMarked;
