package dev.weir.bus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All policies of a node, and the subscriptions. An immutable snapshot; a reload makes a new one. Looking an address up is a hash look-up for
 * addresses that are named literally and for the last few thousand others, a walk over the patterns for the rest.
 */
public final class Policies {
    private static final int REMEMBERED = 4096;

    private final List<Policy> mostSpecificFirst;
    private final Map<String, Policy> bySubscription;
    private final Map<String, Policy> remembered = new ConcurrentHashMap<>();
    private final Map<String, SubscriptionPolicy> subscriptions;
    private final String digest;

    Policies(List<Policy> policies, List<SubscriptionPolicy> subscriptions, String digestInput) {
        this.subscriptions = subscriptions.stream()
                .collect(Collectors.toUnmodifiableMap(SubscriptionPolicy::name, Function.identity()));
        this.mostSpecificFirst = policies.stream()
                .sorted((a, b) -> a.match().compareTo(b.match()))
                .toList();
        this.bySubscription = mostSpecificFirst.stream()
                .filter(p -> !p.match().isLiteral())
                .collect(Collectors.toUnmodifiableMap(p -> p.match().subscription(), Function.identity()));
        this.digest = sha256(digestInput);
    }

    /** The policy that decides for an address, none when the address is undeclared and so closed. */
    public Optional<Policy> of(String address) {
        return Optional.ofNullable(find(address));
    }

    /** The policy whose match, with its variables as {@code *}, is this pattern. */
    public Optional<Policy> ofPattern(String pattern) {
        return Optional.ofNullable(bySubscription.get(pattern));
    }

    /** All policies, the most specific first. */
    public List<Policy> all() {
        return mostSpecificFirst;
    }

    /** The subscriptions that the configuration declares, by name. */
    public Map<String, SubscriptionPolicy> subscriptions() {
        return subscriptions;
    }

    /** Names the content: two nodes may work together when theirs are equal. */
    public String digest() {
        return digest;
    }

    @Nullable
    Policy find(String address) {
        Policy known = remembered.get(address);
        if (known != null) {
            return known;
        }
        for (Policy policy : mostSpecificFirst) {
            if (policy.match().matches(address)) {
                remember(address, policy);
                return policy;
            }
        }
        return null;
    }

    private void remember(String address, Policy policy) {
        // Clients choose addresses, so the memory is bounded; emptying it costs one walk per address in use.
        if (remembered.size() >= REMEMBERED) {
            remembered.clear();
        }
        remembered.put(address, policy);
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
