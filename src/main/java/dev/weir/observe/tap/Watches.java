package dev.weir.observe.tap;

import dev.weir.bus.Kept;
import dev.weir.bus.Taps;
import dev.weir.bus.Wire;
import io.vertx.core.eventbus.Message;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All taps of a node, as those who publish see them. An immutable snapshot; any thread. */
final class Watches implements Taps {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private final List<Watch> all;

    Watches(Collection<Watch> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public void passing(Message<?> message, @Nullable Object body) {
        if (!Match.isVisible(message.address()) || isPassedOn(message)) {
            return;
        }
        try {
            all.forEach(watch -> watch.passing(message, body));
        } catch (RuntimeException strange) {
            // A body that cannot be copied; whoever sent it learns of it from the bus.
            LOG.debug("no tap has a message to {}", message.address(), strange);
        }
    }

    /** Its first listener had just left: it was seen when it came. */
    private static boolean isPassedOn(Message<?> message) {
        return message.isSend() && message.headers().contains(Wire.HOPS);
    }

    @Override
    public void kept(Kept kept) {
        if (Match.isVisible(kept.address())) {
            all.forEach(watch -> watch.kept(kept));
        }
    }
}
