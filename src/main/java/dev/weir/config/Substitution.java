package dev.weir.config;

/** Refuses <code>${NAME}</code> in YAML, which Weir does not replace, and names the variable that does the job. Stateless. */
final class Substitution {
    private Substitution() {}

    /** True, with a problem, when the value or a part of it holds <code>${</code>. */
    static boolean refuse(String path, Yaml yaml, Problems problems) {
        if (yaml instanceof Yaml.Items list) {
            list.items().forEach(item -> refuse(path + "[]", item, problems));
        } else if (yaml instanceof Yaml.Fields map) {
            map.fields().forEach((name, field) -> refuse(path + "[]." + name, field.value(), problems));
        } else if (yaml instanceof Yaml.Scalar scalar
                && scalar.kind() != Yaml.Kind.VARIABLE
                && scalar.text().contains("${")) {
            String mend = path.contains("[")
                    ? "write the value itself"
                    : "set " + Key.variable(path) + " or " + Key.variable(path)
                            + "_FILE instead and remove the key here";
            problems.add(
                    scalar.at(), path.replace("[]", "") + " holds ${, but variables are not replaced in YAML", mend);
            return true;
        }
        return false;
    }
}
