package dev.weir.bus;

/**
 * Whether anybody listens to an address. Publishing where nobody listens must not touch the cluster: in Vert.x 5 that costs a
 * blocking read of Hazelcast each time. Thread-safe, never blocks; may be a few milliseconds behind the cluster.
 */
public interface Interest {
    /** A node that is alone. */
    Interest ALONE = new Interest() {
        @Override
        public boolean elsewhere(String address) {
            return false;
        }
    };

    /** Whether another node of the cluster has a listener on the address. */
    boolean elsewhere(String address);
}
