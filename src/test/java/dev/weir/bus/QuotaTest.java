package dev.weir.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of a node hold exactly however many threads ask at once, and everything taken can be given back. */
class QuotaTest {
    @TempDir
    private Path home;

    @Test
    void noMoreThanTheLimitAreLetIn() {
        Quota<String> quota = new Quota<>();
        AtomicInteger in = new AtomicInteger();
        IntStream.range(0, 10_000).parallel().forEach(i -> {
            if (quota.take("a", 7)) {
                in.incrementAndGet();
            }
        });
        assertThat(in).hasValue(7);
        assertThat(quota.of("a")).isEqualTo(7);
        assertThat(quota.take("b", 7)).isTrue();
        IntStream.range(0, 7).parallel().forEach(i -> quota.release("a"));
        assertThat(quota.of("a")).isZero();
        assertThat(quota.take("a", 1)).isTrue();
        assertThat(quota.take("a", 1)).isFalse();
    }

    @Test
    void manyAddressesAtOnceStayBelowTheLimitAndAllAreGivenBack() throws IOException {
        Policies policies = policies("{match: 'r.{x}', max-addresses: 7}");
        Policy policy = policies.of("r.1").orElseThrow();
        AddressesInUse inUse = new AddressesInUse();
        AtomicInteger most = new AtomicInteger();
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            String address = "r." + i % 40;
            if (inUse.begin(address, policy)) {
                most.accumulateAndGet(inUse.below(policy.match()), Math::max);
                inUse.end(address);
            }
        });
        assertThat(most.get()).isBetween(1, 7);
        assertThat(inUse.below(policy.match())).isZero();
        assertThat(IntStream.range(0, 40).parallel().filter(i -> inUse.begin("r." + i, policy)))
                .hasSize(7);
    }

    @Test
    void anAddressOfSeveralLoopsCountsOnceAndPatternsAndSingleAddressesNever() throws IOException {
        Policies policies = policies("{match: 'r.{x}', max-addresses: 1}, {match: only, max-addresses: 1}");
        Policy rooms = policies.of("r.1").orElseThrow();
        Policy only = policies.of("only").orElseThrow();
        AddressesInUse inUse = new AddressesInUse();
        assertThat(inUse.begin("r.*", rooms)).isTrue();
        assertThat(inUse.begin("r.1", rooms)).isTrue();
        assertThat(inUse.begin("r.1", rooms)).isTrue();
        assertThat(inUse.begin("r.2", rooms)).isFalse();
        inUse.end("r.1");
        assertThat(inUse.begin("r.2", rooms)).isFalse();
        inUse.end("r.1");
        inUse.end("r.1");
        assertThat(inUse.begin("r.2", rooms)).isTrue();
        assertThat(inUse.begin("only", only)).isTrue();
        assertThat(inUse.begin("only", only)).isTrue();
    }

    @Test
    void aReloadCountsAnAddressForItsNewPolicy() throws IOException {
        Policy before = policies("{match: 'r.{x}', max-addresses: 1}").of("r.1").orElseThrow();
        AddressesInUse inUse = new AddressesInUse();
        assertThat(inUse.begin("r.1", before)).isTrue();
        Policies after = policies("{match: 'r.{x}', max-addresses: 1}, {match: r.1}");
        inUse.adopt("r.1", after.of("r.1").orElseThrow());
        inUse.adopt("r.9", after.of("r.9").orElseThrow());
        assertThat(inUse.begin("r.2", after.of("r.2").orElseThrow())).isTrue();
        inUse.end("r.1");
        inUse.end("r.2");
        assertThat(inUse.below(before.match())).isZero();
        assertThat(inUse.below(after.of("r.1").orElseThrow().match())).isZero();
    }

    private Policies policies(String list) throws IOException {
        Path file = Files.writeString(home.resolve("weir.yaml"), "addresses: [" + list + "]\n");
        AtomicReference<Policies> compiled = new AtomicReference<>();
        Config.load(
                file,
                Map.of(),
                (values, problems) -> compiled.set(new PolicyCompiler(home, problems).compile(values.config())));
        return compiled.get();
    }
}
