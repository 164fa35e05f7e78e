package dev.weir.script;

import org.jspecify.annotations.Nullable;

/**
 * Why a script ended by itself.
 *
 * @param code {@code process.exit(code)}, 0 when nothing was left to do, after an uncaught error what Node would end with
 * @param error the uncaught error with its stack, null when it ended as it wanted
 */
record ScriptEnd(int code, @Nullable String error) {}
