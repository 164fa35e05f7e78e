package dev.weir.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Writes large files of made-up sales, always the same for the same size: {@code CsvMaker FILE.csv|FILE.ndjson BYTES}. */
public final class CsvMaker {
    private static final String[] REGIONS = {"north", "south", "east", "west", "centre"};
    private static final int FLUSH_BYTES = 1 << 16;

    private CsvMaker() {}

    /** Writes the file that is named; CSV unless its name ends in {@code .ndjson}. */
    public static void main(String[] args) throws IOException {
        write(Path.of(args[0]), Long.parseLong(args[1]));
    }

    /** Writes rows until the file has at least so many bytes. */
    public static void write(Path file, long bytes) throws IOException {
        boolean json = file.toString().endsWith(".ndjson");
        SplittableRandom random = new SplittableRandom(42);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), FLUSH_BYTES)) {
            long written = json ? 0 : put(out, "id,time,region,product,quantity,price,note\n");
            for (long id = 1; written < bytes; id++) {
                written += put(out, row(id, random, json));
            }
        }
    }

    private static long put(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes);
        return bytes.length;
    }

    private static String row(long id, SplittableRandom random, boolean json) {
        long millis = 1_767_225_600_000L + id * 137;
        String region = REGIONS[random.nextInt(REGIONS.length)];
        String product = "p" + random.nextInt(1000);
        int quantity = 1 + random.nextInt(9);
        String price = random.nextInt(200) + "." + (10 + random.nextInt(90));
        boolean quoted = random.nextInt(20) == 0;
        return json
                ? "{\"id\":" + id + ",\"time\":" + millis + ",\"region\":\"" + region + "\",\"product\":\"" + product
                        + "\",\"quantity\":" + quantity + ",\"price\":" + price + ",\"note\":\""
                        + (quoted ? "a, \\\"b\\\"" : "plain") + "\"}\n"
                : id + "," + millis + "," + region + "," + product + "," + quantity + "," + price + ","
                        + (quoted ? "\"a, \"\"b\"\"\"" : "plain") + "\n";
    }
}
