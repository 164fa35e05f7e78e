package dev.weir.flow.stage;

import dev.weir.flow.StageType;
import java.util.List;

/** Every kind of stage that ships with Weir. */
public final class BuiltInStages {
    /** The kinds, in the order of the documentation. */
    public static final List<StageType> TYPES = List.of(
            FilterStage.TYPE,
            MapStage.TYPE,
            SplitStage.TYPE,
            RouteStage.TYPE,
            DebounceStage.TYPE,
            BatchStage.TYPE,
            WindowStage.TYPE,
            JoinStage.TYPE,
            DedupeStage.TYPE,
            ThrottleStage.TYPE,
            EnrichStage.TYPE,
            CallStage.TYPE,
            ScriptStage.TYPE,
            LogStage.TYPE);

    private BuiltInStages() {}
}
