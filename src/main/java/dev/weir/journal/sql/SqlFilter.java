package dev.weir.journal.sql;

import dev.weir.journal.Sought;
import java.util.ArrayList;
import java.util.List;

/**
 * The condition on an event's columns that finds what is sought, and maybe a little more.
 *
 * @param finds the database's function that says where a text has another one in it, 0 for nowhere
 */
record SqlFilter(String finds) {
    String condition(Sought sought) {
        List<String> any = new ArrayList<>();
        if (sought.isName()) {
            any.add("id = ?");
            any.add(finds + "(headers, ?) > 0");
        }
        if (sought.isTrace()) {
            any.add(finds + "(headers, ?) > 0");
        }
        return "(" + String.join(" OR ", any) + ")";
    }

    List<Object> values(Sought sought) {
        List<Object> values = new ArrayList<>();
        if (sought.isName()) {
            values.add(sought.id());
            values.add(sought.quoted());
        }
        if (sought.isTrace()) {
            values.add(sought.traced());
        }
        return values;
    }

    /** Its values and then another. */
    List<Object> and(Sought sought, Object last) {
        List<Object> values = values(sought);
        values.add(last);
        return values;
    }
}
