package dev.weir.flow.aggregate;

/**
 * Estimates how many different hashes it was given: of those that fall into one of 4,096 registers, each keeps the longest run of leading
 * zeros (Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog", 2007). The estimate is the improved one of Ertl, "New cardinality
 * estimation algorithms for HyperLogLog sketches" (2017), algorithm 6, which needs no tables of corrections and is as good for few as
 * for many. The standard error is 1.04 / sqrt(4096) = 1.6 %; it takes 4 KiB.
 */
final class HyperLogLog {
    private static final int INDEX_BITS = 12;
    private static final int REGISTERS = 1 << INDEX_BITS;
    private static final int REST_BITS = Long.SIZE - INDEX_BITS;

    private final byte[] registers;

    HyperLogLog() {
        this(new byte[REGISTERS]);
    }

    HyperLogLog(byte[] registers) {
        if (registers.length != REGISTERS) {
            throw new IllegalArgumentException(registers.length + " registers instead of " + REGISTERS);
        }
        this.registers = registers;
    }

    byte[] registers() {
        return registers;
    }

    void add(long hash) {
        int index = (int) (hash >>> REST_BITS);
        int run = Math.min(Long.numberOfLeadingZeros(hash << INDEX_BITS), REST_BITS) + 1;
        if (registers[index] < run) {
            registers[index] = (byte) run;
        }
    }

    void merge(HyperLogLog other) {
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = (byte) Math.max(registers[i], other.registers[i]);
        }
    }

    double estimate() {
        int[] having = new int[REST_BITS + 2];
        for (byte register : registers) {
            having[register]++;
        }
        double sum = REGISTERS * tau(1 - (double) having[REST_BITS + 1] / REGISTERS);
        for (int run = REST_BITS; run >= 1; run--) {
            sum = 0.5 * (sum + having[run]);
        }
        sum += REGISTERS * sigma((double) having[0] / REGISTERS);
        return (double) REGISTERS * REGISTERS / (2 * Math.log(2) * sum);
    }

    /** x + x^2 + 2 x^4 + 4 x^8 + ..., to the last digit. */
    private static double sigma(double x) {
        if (x == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double power = x;
        double factor = 1;
        double sum = x;
        double before;
        do {
            power *= power;
            before = sum;
            sum += power * factor;
            factor += factor;
        } while (before != sum);
        return sum;
    }

    /** A third of 1 - x - (1 - x^(1/2))^2 / 2 - (1 - x^(1/4))^2 / 4 - ..., to the last digit. */
    private static double tau(double x) {
        if (x == 0 || x == 1) {
            return 0;
        }
        double root = x;
        double factor = 1;
        double sum = 1 - x;
        double before;
        do {
            root = Math.sqrt(root);
            before = sum;
            factor *= 0.5;
            sum -= (1 - root) * (1 - root) * factor;
        } while (before != sum);
        return sum / 3;
    }
}
