package dev.weir.cli;

import java.io.IOException;

/** No server answered. */
final class Unreachable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message) {
        super(message);
    }
}
