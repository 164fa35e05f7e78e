package dev.weir;

/** The launcher. */
public final class Weir {
    private Weir() {}

    /** Starts a node. */
    public static void main(String[] args) {}
}
