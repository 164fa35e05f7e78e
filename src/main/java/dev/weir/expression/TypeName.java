package dev.weir.expression;

/** A type as a value, as {@code type(x)} gives it. */
record TypeName(String name) {
    @Override
    public String toString() {
        return name;
    }
}
