import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.ExpressionAdapter;

/**
 * The late flights per origin as a route of Apache Camel, as fast as one thread brings events to {@code direct:}. Conditions and keys
 * are Java, which is faster than Camel's {@code simple} language.
 *
 * <p>Usage: {@code CamelFlow NDJSON SECONDS WARM}, prints one line of JSON.
 */
public final class CamelFlow {
    private static final int TURN = 256;
    private static long emitted;

    private CamelFlow() {}

    public static void main(String[] args) throws Exception {
        List<byte[]> events = read(Path.of(args[0]));
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        CamelContext camel = new DefaultCamelContext();
        camel.addRoutes(new Late());
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();
        Endpoint flights = camel.getEndpoint("direct:flights");
        bring(template, flights, events, Double.parseDouble(args[2]));
        long cpu = system.getProcessCpuTime();
        long begun = System.nanoTime();
        long given = bring(template, flights, events, Double.parseDouble(args[1]));
        long nanos = System.nanoTime() - begun;
        System.out.printf(
                "{\"events_per_s\":%.0f,\"cpu_s_per_m\":%.3f,\"emitted\":%d}%n",
                given * 1e9 / nanos, (system.getProcessCpuTime() - cpu) / 1e3 / given, emitted);
        camel.stop();
    }

    private static List<byte[]> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static long bring(ProducerTemplate template, Endpoint to, List<byte[]> events, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long given = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < TURN; i++) {
                template.sendBody(to, events.get((int) (given++ % events.size())));
            }
        }
        return given;
    }

    private static final class Late extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:flights")
                    .unmarshal(new JacksonDataFormat(Map.class))
                    .filter(exchange -> ((Number) body(exchange).get("delay")).intValue() > 10)
                    .process(exchange -> {
                        Map<?, ?> flight = body(exchange);
                        Map<String, Object> mapped = new HashMap<>();
                        mapped.put("origin", flight.get("origin"));
                        mapped.put("delay", flight.get("delay"));
                        exchange.getMessage().setBody(mapped);
                    })
                    .aggregate(new Origin(), Late::add)
                    .completionInterval(1_000)
                    .process(exchange -> emitted++);
        }

        /** The key, without reflection. */
        private static final class Origin extends ExpressionAdapter {
            @Override
            public Object evaluate(Exchange exchange) {
                return body(exchange).get("origin");
            }
        }

        private static Map<?, ?> body(Exchange exchange) {
            return exchange.getMessage().getBody(Map.class);
        }

        @SuppressWarnings("unchecked") // Jackson makes these maps, with texts as keys.
        private static Exchange add(Exchange sums, Exchange flight) {
            Exchange into = sums == null ? flight : sums;
            Map<String, Object> one = flight.getMessage().getBody(Map.class);
            Map<String, Object> all = into.getMessage().getBody(Map.class);
            int minutes = ((Number) one.get("delay")).intValue();
            if (sums == null) {
                all.put("n", 1L);
                all.put("minutes", (long) minutes);
            } else {
                all.put("n", (Long) all.get("n") + 1);
                all.put("minutes", (Long) all.get("minutes") + minutes);
            }
            return into;
        }
    }
}
