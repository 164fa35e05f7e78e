package dev.weir.flow.sink;

import dev.weir.flow.StageType;
import java.util.List;

/** Every kind of target that ships with Weir. */
public final class BuiltInTargets {
    /** The kinds, in the order of the documentation; the first one is what a name alone means. */
    public static final List<StageType> TYPES =
            List.of(AddressTarget.TYPE, ReplyTarget.TYPE, WebhookTarget.TYPE, FileTarget.TYPE);

    private BuiltInTargets() {}
}
