package dev.weir.journal.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.DistributedObject;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.weir.Ports;
import java.util.ArrayList;
import java.util.List;

/** Hazelcast members in this process, configured for journals. */
public final class Members implements AutoCloseable {
    private final int port = Ports.free();
    private final List<HazelcastInstance> members = new ArrayList<>();
    private final int confirmedMillis;

    /** Starts so many, for tests in which none dies. */
    public Members(int count) {
        this(count, 30_000);
    }

    /** @param confirmedMillis how long a write waits for its backup */
    public Members(int count, int confirmedMillis) {
        this.confirmedMillis = confirmedMillis;
        for (int i = 0; i < count; i++) {
            start();
        }
    }

    /** Starts one more. */
    public HazelcastInstance start() {
        Config config = new Config();
        RingLayout.configure(config);
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.partition.count", "31");
        config.setProperty("hazelcast.operation.backup.timeout.millis", "" + confirmedMillis);
        config.getMetricsConfig().setEnabled(false);
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(true);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + port);
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        members.add(member);
        return member;
    }

    /** One of them. */
    public HazelcastInstance get(int index) {
        return members.get(index);
    }

    /** Ends one as if its process died. */
    public void kill(int index) {
        members.get(index).getLifecycleService().terminate();
    }

    /** Removes everything that is kept. */
    public void clear() {
        members.get(0).getDistributedObjects().forEach(DistributedObject::destroy);
    }

    @Override
    public void close() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }
}
