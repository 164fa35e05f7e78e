package dev.weir.expression;

/** What the checker lets pass and the translation does not, at a node of the tree. */
final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final long node;
    final String what;
    final String mend;

    Rejected(long node, String what, String mend) {
        super(what, null, false, false);
        this.node = node;
        this.what = what;
        this.mend = mend;
    }
}
